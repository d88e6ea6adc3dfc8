import { parseArgs } from "node:util";
import { embeddedForm } from "./embedded-form.ts";
import type { Fault, Form } from "./form.ts";
import { pause } from "./form.ts";
import { printSoak } from "./gateway/print-soak.ts";
import { kafkaForm } from "./kafka-form.ts";
import { Load } from "./load.ts";
import type { Findings, Sums } from "./verify.ts";
import { sumAll, verifyStretch } from "./verify.ts";

const forms: Readonly<Record<string, () => Promise<Form>>> = {
  embedded: embeddedForm,
  distributed: kafkaForm,
};

const usage = `usage: npm run soak -- [--form ${Object.keys(forms).join("|")}|all] [--calls N] [--faults all|none|WORDS] [--kills N] [--keep]
       npm run soak -- --gateway [--calls N] [--kills N] [--keep]

  --gateway the gateway alone: calls of every surface, 5% of which fail, stall or are given up; each must have one
            record, and memory and handles must not grow; default 20000 calls, 20 kills
  --calls   answered calls in each form, shared among the stretches of its faults; default 20000
  --faults  all, none, or only those whose name holds WORDS; default all
  --kills   how often processes are killed at random moments in each form; default 100
  --keep    leave data and logs for a look
`;

/** The outcome of one stretch. */
interface Outcome extends Findings {
  readonly fault: string;
  readonly answered: number;
  readonly sums: Sums;
  readonly seconds: number;
}

/** How long what was made may take to be stored: a backlog of some hundred thousand calls is worked off in it. */
const settleMs = 900_000;

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      form: { type: "string", default: "all" },
      calls: { type: "string", default: "20000" },
      faults: { type: "string", default: "all" },
      kills: { type: "string" },
      gateway: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const chosen = Object.entries(forms).filter(([name]) => values.form === "all" || values.form === name);
  if (values.help || chosen.length === 0) {
    process.stderr.write(usage);
    return values.help ? 0 : 2;
  }
  if (values.gateway) {
    const { calls, kills = "20", keep: isKept } = values;
    return (await printSoak({ calls: Number(calls), kills: Number(kills), isKept })) ? 0 : 1;
  }
  let isExact = true;
  for (const [, open] of chosen) {
    const outcomes = await soak(await open(), {
      calls: Number(values.calls),
      kills: Number(values.kills ?? 100),
      wanted: values.faults,
      isKept: values.keep,
    });
    isExact &&= outcomes.every(isExactOutcome);
  }
  process.stdout.write(isExact ? "\n0 lost, 0 double, every sum equal\n" : "\nNOT EXACT\n");
  return isExact ? 0 : 1;
};

interface Soak {
  readonly calls: number;
  readonly kills: number;
  readonly wanted: string;
  readonly isKept: boolean;
}

const soak = async (form: Form, args: Soak): Promise<readonly Outcome[]> => {
  const faults = form.faults(args.kills).filter(({ name }) => isWanted(name, args.wanted));
  const load = new Load({ gatewayUrl: form.gatewayUrl, callers: 32 });
  const outcomes: Outcome[] = [];
  process.once("SIGINT", () => {
    void form.remove(args.isKept).finally(() => process.exit(130));
  });
  process.stdout.write(`\n${form.name}\n${header}\n`);
  try {
    await form.start();
    for (const fault of faults) {
      const outcome = await oneStretch(form, { load, fault, calls: Math.ceil(args.calls / faults.length) });
      outcomes.push(outcome);
      process.stdout.write(`${rowOf(outcome)}\n`);
    }
  } finally {
    await load.close();
    await form.remove(args.isKept);
  }
  process.stdout.write(`${totalOf(outcomes)}\n`);
  return outcomes;
};

const isWanted = (name: string, wanted: string): boolean =>
  wanted === "all" || (wanted === "none" ? name === "none" : name.includes(wanted));

/** Makes calls, does the fault in the midst of them, and holds the store against the ledger when all has come to rest. */
const oneStretch = async (
  form: Form,
  args: { readonly load: Load; readonly fault: Fault; readonly calls: number },
): Promise<Outcome> => {
  const startedMs = performance.now();
  const stretch = args.load.begin(args.fault.textBytes);
  await stretch.reached(Math.ceil(args.calls / 10));
  await args.fault.act();
  await stretch.reached(args.calls);
  const ledger = await stretch.stop();
  const callingMs = performance.now() - startedMs;
  const look = async (): Promise<Omit<Outcome, "seconds">> => ({
    fault: args.fault.name,
    answered: ledger.answered.size,
    ...(await verifyStretch(form.runSql, ledger)),
    sums: await sumAll(form.runSql),
  });
  const deadlineMs = performance.now() + settleMs;
  for (;;) {
    const isLate = performance.now() > deadlineMs;
    // Until the time is over, the store may still be starting again.
    const outcome = await look().catch((error: unknown) => {
      if (isLate) {
        throw error;
      }
      return null;
    });
    if (outcome !== null && (isLate || isExactOutcome(outcome))) {
      return { ...outcome, seconds: callingMs / 1000 };
    }
    await pause(1_000);
  }
};

const isExactOutcome = ({ lost, double, wrong, sums }: Omit<Outcome, "seconds">): boolean =>
  lost === 0 && double === 0 && wrong === 0 && sums.isEqual;

const header = `${"fault".padEnd(58)}${"answered".padStart(10)}${"lost".padStart(6)}${"double".padStart(8)}${"wrong".padStart(7)}${"calls/s".padStart(9)}  sums`;

const rowOf = ({ fault, answered, lost, double, wrong, sums, seconds }: Outcome): string =>
  `${fault.padEnd(58)}${String(answered).padStart(10)}${String(lost).padStart(6)}${String(double).padStart(8)}${String(wrong).padStart(7)}${(answered / seconds).toFixed(0).padStart(9)}  ${sumText(sums)}`;

const sumText = ({ isEqual, rows, rowNanos, rollupCalls, rollupNanos }: Sums): string =>
  isEqual
    ? `equal: ${rows} calls, ${rowNanos} nano-dollars`
    : `NOT EQUAL: ${rows}/${rollupCalls} calls, ${rowNanos}/${rollupNanos}`;

const totalOf = (outcomes: readonly Outcome[]): string => {
  const sum = (pick: (outcome: Outcome) => number): number => outcomes.reduce((total, each) => total + pick(each), 0);
  return `${sum((each) => each.answered)} answered, ${sum((each) => each.lost)} lost, ${sum((each) => each.double)} double, ${sum((each) => each.wrong)} wrong, ${sum((each) => each.unanswered)} stored whose caller saw no end`;
};

process.exitCode = await main();
