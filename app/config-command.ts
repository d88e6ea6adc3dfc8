import type { Command } from "commander";
import { processEnvironment } from "../config/environment.ts";
import { loadSettings } from "./load-settings.ts";

/** Adds `plumbline config check FILE`: every mistake at once, each with file, line and path. */
export const addConfigCommand = (program: Command): void => {
  program
    .command("config")
    .description("work with configuration files")
    .command("check")
    .description("check a configuration file; names every mistake at once")
    .argument("<file>", "the file, in YAML")
    .action((file: string) => {
      loadSettings(file, processEnvironment());
      process.stdout.write(`${file} is valid\n`);
    });
};
