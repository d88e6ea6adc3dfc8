import { Command, CommanderError } from "commander";
import { errorCodes, messageOf, PlumblineError } from "../core/errors.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import type { ReportExit } from "./report-exit.ts";
import { roleNames } from "./roles/role-names.ts";
import { serve } from "./serve.ts";
import { version } from "./version.ts";

/** Runs the command line `plumbline ARGS...` and ends the process with its exit code. */
export const main = async (args: readonly string[]): Promise<void> => {
  process.exitCode = await run(args);
  if (args[0] !== "serve") {
    return;
  }
  // The roles have let go of everything they own; what native libraries still hold must not keep the process.
  process.exit(process.exitCode);
};

const run = async (args: readonly string[]): Promise<number> => {
  let exitCode: number = exitCodes.ok;
  const program = await createProgram(args[0], (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    }
    process.stderr.write(`${errorText(error)}\n`);
    return exitCodeOf(error);
  }
};

/** All commands, or `serve` alone where it is asked for: a process that serves does not load the others. */
const createProgram = async (name: string | undefined, report: ReportExit): Promise<Command> => {
  const program = new Command("plumbline")
    .description("Keeps LLM services true: a gateway, a pipeline, findings, and verdicts that move traffic.")
    .version(version)
    .exitOverride()
    .showHelpAfterError("(plumbline --help lists the commands)");
  program
    .command("serve")
    .description("run the roles named, or all of them")
    .option("--roles <names>", `some of ${roleNames.join(",")}`)
    .option("--config <file>", "configuration file (default: plumbline.yaml when it exists)")
    .action(async (options: { readonly roles?: string; readonly config?: string }) => report(await serve(options)));
  if (name !== "serve") {
    const { addCommands } = await import("./commands.ts");
    addCommands(program, report);
  }
  return program;
};

/** What a person reads of an error: its code, what happened, and what to do about it. */
const errorText = (error: unknown): string => {
  if (error instanceof PlumblineError) {
    return `plumbline: ${error.message} [${error.code}]\n${errorCodes[error.code].help}`;
  }
  const stack = error instanceof Error ? error.stack : undefined;
  return `plumbline: a defect: ${stack ?? messageOf(error)}`;
};
