import { isRetryable, messageOf } from "../../core/errors.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { Verdict } from "../../core/verdict.ts";
import { subjectOf } from "../../core/verdict.ts";
import type { Store } from "../../store/store.ts";
import type { Guarded } from "./guard-verdict.ts";
import { verdictEvent } from "./stamp-verdict.ts";

/** What decisions are told through. */
export interface VerdictVoiceDeps {
  readonly store: Pick<Store, "saveEvents">;
  readonly log: Log;
  readonly meter: Meter;
}

/** Tells what was decided; of what is held back for the same reason again and again, only the first. */
export class VerdictVoice {
  readonly #deps: VerdictVoiceDeps;
  readonly #heldBack = new Map<string, string>();

  constructor(deps: VerdictVoiceDeps) {
    this.#deps = deps;
  }

  /** Says that a verdict could not be renewed, or none; it is tried again. */
  warn(error: unknown, about: { readonly subject?: string }): void {
    const level = isRetryable(error) ? "warn" : "error";
    this.#deps.log[level]({ ...about, err: messageOf(error) }, "a verdict could not be renewed");
  }

  async tell(verdict: Verdict, guarded: Guarded): Promise<void> {
    const { store, log, meter } = this.#deps;
    const subject = subjectOf(verdict.effect);
    const obstacle = guarded.kind === "held_back" ? guarded.obstacle : "";
    const kind = kindOf(obstacle);
    if (obstacle !== "" && this.#heldBack.get(subject) === kind) {
      return;
    }
    this.#heldBack.set(subject, kind);
    const issued = verdict.isDryRun ? "dry_run" : "issued";
    const state = guarded.kind === "held_back" ? guarded.kind : issued;
    meter.add("verdictsDecided", 1, { action: verdict.action, state });
    log.warn({ subject, action: verdict.action, reason: verdict.reason, state, obstacle }, "a verdict was decided");
    await store.saveEvents({ token: `verdict:${verdict.id}`, verdicts: [verdictEvent(verdict, { state, obstacle })] });
  }
}

/** An obstacle whose figures change from look to look is the same one. */
const kindOf = (obstacle: string): string => obstacle.replaceAll(/\d+(\.\d+)?/g, "#");
