import { statSync } from "node:fs";
import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { Settings } from "../load-settings.ts";

/** What a reload works with. */
export interface RouteReloadDeps {
  /** The configuration file. */
  readonly file: string;
  /** Reads the file; throws with every mistake in it. */
  readonly load: () => Settings;
  /** Takes the routes of a configuration; throws when it cannot, and then nothing has changed. */
  readonly apply: (settings: Settings) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Milliseconds between two looks at the file: it may lie on a disk that tells of no changes, such as a mounted volume. */
const lookMs = 2_000;

/** Takes the routes anew when the configuration file changes; a file with a mistake in it leaves them as they are. */
export class RouteReload {
  readonly #deps: RouteReloadDeps;
  readonly #stopping = new AbortController();
  #seen: string;
  #running: Promise<void> = Promise.resolve();

  constructor(deps: RouteReloadDeps) {
    this.#deps = deps;
    this.#seen = stampOf(deps.file);
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Reads the file now, changed or not. */
  reload(): void {
    const { apply, file, load, log } = this.#deps;
    try {
      apply(load());
      log.info({ file }, "routes and keys are as the configuration file says now; other settings change at a restart");
    } catch (error) {
      log.error({ err: error, file }, "the configuration file cannot be taken: routes and keys stay as they are");
    }
  }

  async #run(): Promise<void> {
    const { clock, file } = this.#deps;
    const { signal } = this.#stopping;
    for (await clock.sleep(lookMs, signal); !signal.aborted; await clock.sleep(lookMs, signal)) {
      const stamp = stampOf(file);
      if (stamp === this.#seen) continue;
      this.#seen = stamp;
      this.reload();
    }
  }
}

/** What changes when a file is written or replaced. */
const stampOf = (file: string): string => {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? "none" : `${found.ino} ${found.size} ${found.mtimeMs}`;
};
