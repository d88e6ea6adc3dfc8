import { features } from "../../gateway/wires/feature.ts";
import { wires } from "../../gateway/wires/wire.ts";
import { code, markdownTable } from "./markdown-table.ts";

/** The reference of what translated requests may ask for, from the formats that the gateway knows. */
export const capabilitiesPage = (): string => {
  const translated = Object.entries(wires).filter(
    ([, wire]) => wire.writeRequest !== null && wire.operation === "chat",
  );
  const rows = Object.entries(features)
    .filter(([name]) => name !== "token_inputs")
    .map(([name, words]) => [
      words,
      ...translated.map(([, wire]) => mark([...wire.features].some((one) => one === name))),
    ]);
  return `# Capabilities

What a request may ask for when it is translated to the format of its target. A request that reaches a target in the caller's own
format may ask for anything: the target judges it. What has no place in the target's format is refused with \`request.unsupported\`.

${markdownTable(["", ...translated.map(([name]) => code(name))], rows)}
`;
};

const mark = (has: boolean): string => (has ? "yes" : "refused");
