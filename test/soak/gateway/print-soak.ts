import { createProgress } from "../../../app/progress.ts";
import type { Growth, Held } from "./growth.ts";
import type { SoakReport } from "./soak-gateway.ts";
import { soakGateway } from "./soak-gateway.ts";

const callers = 48;

/** Soaks the gateway and prints what it holds at every tenth of the calls, and the verdict; true when all is as it must be. */
export const printSoak = async (args: {
  readonly calls: number;
  readonly kills: number;
  readonly isKept: boolean;
}): Promise<boolean> => {
  const progress = createProgress({ total: args.calls, target: process.stderr, nowMs: () => performance.now() });
  const print = (line: string): boolean => process.stdout.write(`${line}\n`);
  print(
    `\ngateway: ${args.calls} calls, ${args.kills} kills\n${"calls".padStart(10)}  RSS MB  handles  active resources`,
  );
  let note = "";
  const report = await soakGateway({
    ...args,
    callers,
    onCall: (begun) => progress.update(begun, note),
    onTenth: (held, active) => {
      note = `${held.rssMb.toFixed(0)} MB, ${held.handles} handles`;
      progress.finish();
      print(rowOf(held, active));
    },
  });
  progress.finish();
  print(textOf(report));
  return isExact(report) && report.growth.isFlat;
};

/** Whether every call has the one record that it must have. */
export const isExact = ({ defects }: SoakReport): boolean => Object.values(defects).every((count) => count === 0);

const rowOf = ({ calls, rssMb, handles }: Held, active: number | null): string =>
  `${String(calls).padStart(10)}${rssMb.toFixed(1).padStart(8)}${String(handles).padStart(9)}${String(active ?? "-").padStart(18)}`;

const textOf = (report: SoakReport): string =>
  [
    `seen by callers: ${countsOf(report.views)}`,
    `outcomes:        ${countsOf(report.outcomes)}`,
    `spans:           ${report.spans} calls, ${report.attempts} attempts; ${report.callsPerSecond.toFixed(0)} calls/s while nothing was killed`,
    `defects:         ${countsOf(report.defects)}`,
    ...report.examples.map((example) => `  ${example}`),
    growthText(report.growth),
    isExact(report) ? "one record a call, every outcome as seen" : "NOT EXACT",
  ].join("\n");

const growthText = ({ isFlat, isJudged, rssMb, rssSlope, handles }: Growth): string => {
  const verdict = !isJudged ? "too few calls to tell" : isFlat ? "flat" : "NOT FLAT";
  const [before, after] = rssMb.map((each) => each.toFixed(1));
  return `growth:          RSS ${before} to ${after} MB after warm-up (${rssSlope.toFixed(2)} MB for each 100,000 calls), handles ${handles.join(" to ")}: ${verdict}`;
};

const countsOf = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
