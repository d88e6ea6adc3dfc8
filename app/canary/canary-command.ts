import type { Command } from "commander";
import { Option } from "commander";
import { systemClock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import { assignmentUnits } from "../../core/verdict.ts";
import { consoleAddress } from "../console-address.ts";
import { exitCodes } from "../exit-codes.ts";
import type { ReportExit } from "../report-exit.ts";
import type { CanaryAsked, CanaryClient, CanaryTold } from "./canary-client.ts";
import { createCanaryClient } from "./canary-client.ts";
import { canaryText } from "./canary-text.ts";
import { watchCanary } from "./watch-canary.ts";

interface CanaryFlags {
  readonly json?: boolean;
  readonly url?: string;
  readonly config?: string;
}

interface StartFlags extends CanaryFlags {
  readonly plan?: string;
  readonly unit: string;
  readonly external?: boolean;
  readonly name?: string;
  readonly namespace?: string;
  readonly checksum?: string;
  readonly baseline?: string;
  readonly watch?: boolean;
}

interface EndFlags extends CanaryFlags {
  readonly reason: string;
}

const statusHelp = `
Evidence is a natural logarithm: at its bound the candidate is taken back. "needed" counts calls of the candidate that are still to come
before its stage can be passed, and "worst" is the metric that speaks most against it, as a multiple of the baseline with its interval.`;

/** Adds `plumbline canary start`, `status`, `abort` and `promote`. */
export const addCanaryCommand = (program: Command, report: ReportExit): void => {
  const canary = program
    .command("canary")
    .description("canaries: a target gets traffic step by step while it is judged; asks the running system");
  addStart(canary, report);
  withCommon(
    canary
      .command("status")
      .description("show where canaries stand, the latest first")
      .argument("[id]", "only this one")
      .addHelpText("after", statusHelp),
  ).action(async (id: string | undefined, flags: CanaryFlags) => {
    const client = clientOf(flags);
    print(id === undefined ? await client.list() : [await client.find(id)], flags);
  });
  addEnd(canary, "abort", "take a canary back: its candidate gets no traffic any more");
  addEnd(canary, "promote", "give a canary's candidate all traffic, whatever it was judged to be");
};

const addStart = (canary: Command, report: ReportExit): void => {
  withCommon(
    canary
      .command("start")
      .description("start a canary")
      .argument("<route>", "route on which it runs")
      .argument("<candidate>", "variant that is on trial; it may have the weight 0")
      .option("--plan <name>", "steps in which it goes (default: alerts.canaries.plan)")
      .addOption(new Option("--unit <unit>", "what is assigned to it").choices(assignmentUnits).default("request"))
      .option("--external", "somebody else shifts the traffic: it is judged, and moves nothing")
      .option("--name <name>", "with --external: what it is called there (default: the candidate's name)")
      .option("--namespace <namespace>", "with --external: where its name is unique")
      .option("--checksum <text>", "with --external: changes with what is on trial")
      .option("--baseline <variant>", "with --external: the variant to compare with (default: all others)")
      .option("--watch", "follow it until it ends; ends with 1 unless it is promoted"),
  ).action(async (route: string, candidate: string, flags: StartFlags) => {
    const client = clientOf(flags);
    const started = await client.start(askedOf(route, candidate, flags));
    const told = flags.watch === true ? await watch(client, started) : started;
    print([told], flags);
    report(told.endedAtMs === null || told.status === "promoted" ? exitCodes.ok : exitCodes.failed);
  });
};

const addEnd = (canary: Command, action: "abort" | "promote", description: string): void => {
  withCommon(
    canary
      .command(action)
      .description(description)
      .argument("[id]", "id of the canary (default: the only one under way)")
      .requiredOption("--reason <text>", "why; it is kept with the verdict"),
  ).action(async (id: string | undefined, flags: EndFlags) => {
    const client = clientOf(flags);
    print([await client.end(id ?? (await onlyOne(client)), action, flags.reason)], flags);
  });
};

const withCommon = (command: Command): Command =>
  command
    .option("--json", "print one JSON object")
    .option("--url <address>", "address of the console (default: from the configuration)")
    .option("--config <file>", "configuration file (default: plumbline.yaml when it exists)");

const clientOf = (flags: CanaryFlags): CanaryClient => createCanaryClient(consoleAddress(flags));

const askedOf = (route: string, candidate: string, flags: StartFlags): CanaryAsked => {
  const { plan, unit, name, namespace, checksum, baseline } = flags;
  const given = Object.entries({ plan, name, namespace, checksum, baseline });
  const named = given.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  return {
    route,
    candidate,
    unit,
    ...(flags.external === true ? { traffic: "external" } : {}),
    ...Object.fromEntries(named),
  };
};

const onlyOne = async (client: CanaryClient): Promise<string> => {
  const underWay = (await client.list()).filter(({ endedAtMs }) => endedAtMs === null);
  const [only] = underWay;
  if (only === undefined || underWay.length > 1) {
    const count = underWay.length === 0 ? "no canary is" : `${underWay.length} canaries are`;
    throw new PlumblineError("cli.usage", `${count} under way; name one by its id`);
  }
  return only.id;
};

/** Ctrl-C ends the watching, and not the canary. */
const watch = async (client: CanaryClient, started: CanaryTold): Promise<CanaryTold> => {
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const { signal } = interrupted;
  const told = await watchCanary({ client, clock: systemClock, target: process.stderr, signal }, started);
  if (told.endedAtMs === null) {
    process.stderr.write(`the canary ${told.id} goes on\n`);
  }
  return told;
};

const print = (canaries: readonly CanaryTold[], { json }: CanaryFlags): void => {
  process.stdout.write(json === true ? `${JSON.stringify({ canaries })}\n` : canaryText(canaries));
};
