import { relative } from "node:path";
import type { Config } from "./config-schema.ts";
import type { RoleName } from "./roles/role-names.ts";
import { tryNext } from "./try-next.ts";

/** What a person reads when everything runs: what is served where, and what to try next. */
export const welcome = (args: {
  readonly config: Config;
  readonly root: string;
  readonly roles: readonly RoleName[];
  readonly lines: readonly string[];
}): string => {
  const { config, root, roles, lines } = args;
  const inside = relative(process.cwd(), root);
  const data = inside === "" || inside.startsWith("..") ? root : inside;
  const served = lines.map((line) => `  ${line}`).join("\n");
  const commands = tryNext(config).map(({ title, command }) => `  # ${title}\n  ${command}\n`);
  const tries = roles.includes("gateway") ? `\nTry next:\n${commands.join("")}` : "";
  return `\nPlumbline is running.\n${served}\n  data      ${data}\n${tries}\nCtrl-C stops it; everything accepted is saved first.\n`;
};
