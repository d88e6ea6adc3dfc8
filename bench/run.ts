import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { benchCanary } from "./canary/bench-canary.ts";
import type { Baseline } from "./compare.ts";
import { baselineShape, compare, record } from "./compare.ts";
import { benchDrift } from "./drift/bench-drift.ts";
import type { Figure } from "./figure.ts";
import { benchGateway } from "./gateway/bench-gateway.ts";
import { benchIngest } from "./ingest/bench-ingest.ts";

const benches: Readonly<Record<string, (report: (text: string) => void) => Promise<readonly Figure[]>>> = {
  gateway: benchGateway,
  ingest: benchIngest,
  drift: benchDrift,
  canary: benchCanary,
};

const baselineFile = new URL("baseline.json", import.meta.url);
const usage = `usage: npm run bench -- NAME [--json] [--compare] [--record]

  NAME       ${Object.keys(benches).join(" | ")}
  --json     one JSON line a figure
  --compare  exit code 1 when a figure is worse than bench/baseline.json allows
  --record   write the figures to bench/baseline.json
`;

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean" }, compare: { type: "boolean" }, record: { type: "boolean" } },
  });
  const bench = benches[positionals[0] ?? ""];
  if (bench === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  const figures = await bench((text) => process.stderr.write(`${text}\n`));
  for (const figure of figures) {
    process.stdout.write(values.json === true ? `${JSON.stringify(figure)}\n` : line(figure));
  }
  if (values.record === true) {
    writeFileSync(baselineFile, `${JSON.stringify(record({ ...readBaseline(), ...machine() }, figures), null, 2)}\n`);
  }
  return values.compare === true ? reportWorse(figures) : 0;
};

const line = ({ name, value, unit, n }: Figure): string =>
  `${name.padEnd(44)} ${String(value).padStart(10)} ${unit} (n=${n})\n`;

const reportWorse = (figures: readonly Figure[]): number => {
  const worse = compare(figures, readBaseline()).filter((comparison) => comparison.isWorse);
  for (const { name, value, baseline } of worse) {
    process.stderr.write(`worse: ${name} is ${value}, and the baseline ${baseline}\n`);
  }
  return worse.length === 0 ? 0 : 1;
};

const machine = (): { readonly machine: string; readonly node: string } => ({
  machine: `${cpus().length} cores, ${cpus()[0]?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  node: process.version,
});

const readBaseline = (): Baseline =>
  existsSync(baselineFile)
    ? baselineShape.parse(JSON.parse(readFileSync(baselineFile, "utf8")))
    : { ...machine(), figures: [] };

process.exitCode = await main();
