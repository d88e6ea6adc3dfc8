import { processEnvironment } from "../../config/environment.ts";
import type { Settings } from "../load-settings.ts";
import { loadSettings } from "../load-settings.ts";
import type { Runtime } from "../runtime.ts";
import { RouteReload } from "./route-reload.ts";

/** The configuration file is being followed. */
export interface Following {
  /** Reads the file now, changed or not. */
  readonly reload: () => void;
  readonly stop: () => Promise<void>;
}

/** Hands a role the configuration each time that its file changes; one with a mistake is left out. Without a file nothing ever changes. */
export const followConfig = (
  { settings: { file }, clock, log }: Pick<Runtime, "settings" | "clock" | "log">,
  apply: (settings: Settings) => void,
): Following => {
  if (file === null) return { reload: () => {}, stop: async () => {} };
  const reload = new RouteReload({ file, load: () => loadSettings(file, processEnvironment()), apply, clock, log });
  reload.start();
  return { reload: () => reload.reload(), stop: () => reload.stop() };
};
