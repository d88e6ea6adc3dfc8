import type { CanaryTold } from "./canary-client.ts";

const columns = [
  "canary",
  "route",
  "candidate",
  "status",
  "stage",
  "share",
  "verdict",
  "evidence",
  "needed",
  "worst",
] as const;

/** Canaries as a table for people, the latest first, with what each says below it. */
export const canaryText = (canaries: readonly CanaryTold[]): string => {
  if (canaries.length === 0) {
    return "no canary was started yet; `plumbline canary start --help` tells how\n";
  }
  const cells = [columns, ...canaries.map(cellsOf)];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line, index) => `${line}\n${saying(canaries[index - 1])}`).join("");
};

/** Where a canary stands in one line: its stage, its evidence, and what it waits for. */
export const canaryLine = (told: CanaryTold): string =>
  `${told.status}  stage ${stageOf(told)}  ${shareOf(told)}  evidence ${evidenceOf(told)}  needed ${neededOf(told)}  ${told.says}`;

const saying = (told: CanaryTold | undefined): string => {
  if (told === undefined) {
    return "";
  }
  const waits = told.waitsFor === null ? "" : `\n  waits for ${told.waitsFor} to be allowed`;
  return `  ${told.says}${waits}\n`;
};

const cellsOf = (told: CanaryTold): readonly string[] => [
  told.id,
  told.route,
  told.candidate,
  told.status,
  stageOf(told),
  shareOf(told),
  told.verdict,
  evidenceOf(told),
  neededOf(told),
  worstOf(told),
];

const stageOf = ({ stage }: CanaryTold): string => `${stage.index + 1}/${stage.count} ${stage.name}`;

/** Who shifts the traffic himself knows its share; we do not. */
const shareOf = ({ share }: CanaryTold): string =>
  share === null ? "external" : `${Number((share * 100).toPrecision(4))}%`;

const evidenceOf = ({ logEvidence, logBound }: CanaryTold): string =>
  `${logEvidence.toFixed(1)} of ${logBound.toFixed(1)}`;

const neededOf = ({ neededCalls }: CanaryTold): string => (neededCalls === null ? "-" : String(neededCalls));

const worstOf = ({ worst }: CanaryTold): string => {
  const { ratio = null, low = null, high = null } = worst?.effect ?? {};
  if (worst === null || ratio === null) {
    return "-";
  }
  const end = (value: number | null, otherwise: string): string => (value === null ? otherwise : value.toPrecision(3));
  return `${worst.metric} x${ratio.toPrecision(3)} (${end(low, "0")} to ${end(high, "unbounded")})`;
};
