import { userInfo } from "node:os";
import type { Command } from "commander";
import { Option } from "commander";
import { PlumblineError } from "../../core/errors.ts";
import { baselineWindow } from "../../core/pinned-baseline.ts";
import { consoleAddress } from "../console-client.ts";
import type { Author, BaselineClient } from "./baseline-client.ts";
import { createBaselineClient } from "./baseline-client.ts";
import { baselineText, blessedText } from "./baseline-text.ts";

interface BaselineFlags {
  readonly json?: boolean;
  readonly url?: string;
  readonly config?: string;
}

interface AuthorFlags extends BaselineFlags {
  readonly by?: string;
  readonly reason: string;
}

interface BlessFlags extends AuthorFlags {
  readonly from: string;
  readonly to: string;
  readonly tenant?: string;
  readonly variant?: string;
  readonly model?: string;
  readonly prompt?: string;
}

const blessHelp = `
Every hour that comes is held against the answers of the window, whatever came since, until the baseline is cleared: it is never learned
anew. The window is taken in whole hours, and is refused where no model has enough answers in it. A later baseline of a series goes before
an earlier one, and before those of processors.drift.baselines.`;

/** Adds `plumbline baseline bless`, `list` and `clear`. */
export const addBaselineCommand = (program: Command): void => {
  const baseline = program
    .command("baseline")
    .description("pinned baselines: answers that somebody found good; asks the running system");
  withAuthor(
    baseline
      .command("bless")
      .description("pin a window of answers")
      .argument("<route>", "route that is held against it")
      .requiredOption("--from <time>", "begin, such as 2026-11-01T00:00:00Z")
      .requiredOption("--to <time>", "end; it must be over")
      .option("--tenant <name>", "only this tenant's calls")
      .option("--variant <name>", "only this target")
      .option("--model <name>", "only this model, as it answers")
      .addOption(new Option("--prompt <name>", "only answers to probes").choices(["probe"]))
      .addHelpText("after", blessHelp),
  ).action(async (route: string, flags: BlessFlags) => {
    const told = await clientOf(flags).bless(windowOf(route, flags), authorOf(flags));
    print(flags, told, blessedText(told));
  });
  withCommon(
    baseline
      .command("list")
      .description("show the baselines that hold, the latest first")
      .option("--all", "those that were cleared as well"),
  ).action(async (flags: BaselineFlags & { readonly all?: boolean }) => {
    const all = await clientOf(flags).list();
    const baselines = all.filter(({ cleared }) => flags.all === true || cleared === null);
    print(flags, { baselines }, baselineText(baselines));
  });
  withAuthor(
    baseline
      .command("clear")
      .description("end a baseline; it stays to be looked up")
      .argument("<id>", "id of the baseline"),
  ).action(async (id: string, flags: AuthorFlags) => {
    const cleared = await clientOf(flags).clear(id, authorOf(flags));
    print(flags, { baseline: cleared }, baselineText([cleared]));
  });
};

const withAuthor = (command: Command): Command =>
  withCommon(
    command
      .option("--by <name>", "who decides (default: the user of this machine)")
      .option("--reason <text>", "why; it is kept", ""),
  );

const withCommon = (command: Command): Command =>
  command
    .option("--json", "print one JSON object")
    .option("--url <address>", "address of the console (default: from the configuration)")
    .option("--config <file>", "configuration file (default: plumbline.yaml when it exists)");

const clientOf = (flags: BaselineFlags): BaselineClient => createBaselineClient(consoleAddress(flags));

const authorOf = ({ by, reason }: AuthorFlags): Author => ({ by: by ?? userInfo().username, reason });

const windowOf = (route: string, { from, to, tenant, variant, model, prompt }: BlessFlags) => {
  const given = Object.entries({ tenant, variant, model, prompt }).filter(([, value]) => value !== undefined);
  const parsed = baselineWindow.safeParse({ route, from, to, ...Object.fromEntries(given) });
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`);
    throw new PlumblineError("cli.usage", issues.join("; "));
  }
  return parsed.data;
};

const print = ({ json }: BaselineFlags, told: object, text: string): void => {
  process.stdout.write(json === true ? `${JSON.stringify(told)}\n` : text);
};
