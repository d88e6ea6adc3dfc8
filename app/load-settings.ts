import { existsSync } from "node:fs";
import type { Environment } from "../config/environment.ts";
import { formatProblems, parseConfig, readConfig } from "../config/load-config.ts";
import { PlumblineError } from "../core/errors.ts";
import type { Config } from "./config-schema.ts";
import { configSchema } from "./config-schema.ts";

/** The file that is read when none is named and it exists. */
const defaultConfigFile = "plumbline.yaml";

/** A configuration with the file it came from; null when all of it is default. */
export interface Settings {
  readonly config: Config;
  readonly file: string | null;
}

/** Reads the named file, else `plumbline.yaml` when it is there, else the defaults; throws `config.invalid` with every mistake. */
export const loadSettings = (named: string | undefined, environment: Environment): Settings => {
  const file = named ?? (existsSync(defaultConfigFile) ? defaultConfigFile : null);
  const result =
    file === null
      ? parseConfig({ schema: configSchema, file: "(defaults)", text: "", environment })
      : readConfig({ schema: configSchema, file, environment });
  if (!result.ok) {
    const count = result.problems.length;
    throw new PlumblineError(
      "config.invalid",
      `${count} ${count === 1 ? "mistake" : "mistakes"} in the configuration:\n${formatProblems(result.problems)}`,
    );
  }
  return { config: result.config, file };
};
