import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { CallEnd } from "../call-recorder.ts";
import type { RecordingRoom } from "../gateway-state.ts";
import type { SpoolDecision, SpoolLimits, SpoolLoad, SpoolMode } from "./spool-mode.ts";
import { decideMode, reasonOf } from "./spool-mode.ts";
import { TenantCounts } from "./tenant-counts.ts";

/** What a gate needs. */
export interface SpoolGateArgs {
  readonly limits: SpoolLimits;
  readonly load: () => SpoolLoad;
  readonly log: Log;
  readonly meter: Meter;
}

/** How a call ended, and what of it is recorded. */
export interface RecordedEnd {
  readonly end: CallEnd;
  /** The budget for whose sake the text was left out; null when none was. */
  readonly contentShed: "disk" | "memory" | null;
}

const noText = { inputMessages: null, outputMessages: null, inputCutBytes: 0, outputCutBytes: 0 } as const;
const room: RecordingRoom = { ok: true };

/** Lets calls in and their records into the spool as the budgets allow, and counts whatever it leaves out. */
export class SpoolGate {
  readonly #args: SpoolGateArgs;
  readonly #notKept = new TenantCounts();
  #shed = 0;
  #decision: SpoolDecision = { mode: "whole", budget: "disk", fill: 0 };

  constructor(args: SpoolGateArgs) {
    this.#args = args;
  }

  /** Whether a new call may begin. */
  admit(): RecordingRoom {
    const decision = this.observe();
    if (decision.mode !== "refuse") {
      return room;
    }
    const code = decision.budget === "disk" ? "spool.full" : "spool.unwritable";
    return { ok: false, code, reason: reasonOf(decision) };
  }

  /** What is recorded of a call that has ended. */
  recordedEnd(end: CallEnd): RecordedEnd {
    const { mode, budget } = this.observe();
    const hasText = end.inputMessages !== null || end.outputMessages !== null;
    if (!hasText || mode === "whole" || mode === "not_kept") {
      return { end, contentShed: null };
    }
    this.#shed += 1;
    this.#args.meter.add("spoolTextShed", 1, { reason: `${budget}_budget` });
    return { end: { ...end, ...noText }, contentShed: budget };
  }

  /** Whether the record of a call is kept. One that is not is counted for its tenant. */
  keeps(tenant: string): boolean {
    const { mode, budget } = this.observe();
    if (mode !== "not_kept") {
      return true;
    }
    const counted = this.#notKept.add(tenant);
    this.#args.meter.add("spoolNotKept", 1, { reason: `${budget}_budget`, tenant: counted });
    return false;
  }

  /** Looks at the budgets again and tells a change of mode; to be called whenever what waits has changed. */
  observe(): SpoolDecision {
    const { limits, load, meter } = this.#args;
    const before = this.#decision;
    this.#decision = decideMode(before.mode, load(), limits);
    if (this.#decision.fill !== before.fill) {
      meter.set("spoolFill", this.#decision.fill);
    }
    if (this.#decision.mode !== before.mode) {
      this.#tell(before.mode);
    }
    return this.#decision;
  }

  #tell(before: SpoolMode): void {
    const { log } = this.#args;
    const decision = this.#decision;
    const fields = { reason: reasonOf(decision), ...this.#countsSince(before, decision.mode) };
    switch (decision.mode) {
      case "refuse":
        log.error(fields, "the spool is full: new calls are refused");
        break;
      case "not_kept":
        log.error(fields, "the spool is full: calls are served and their records are not kept");
        break;
      case "without_text":
        log.warn(fields, "the spool is filling up: calls are taken and recorded without their text");
        break;
      case "whole":
        log.info(fields, "the spool has room again: calls are taken and recorded whole");
    }
  }

  /** What the mode that ends has left out. */
  #countsSince(before: SpoolMode, now: SpoolMode): Readonly<Record<string, unknown>> {
    if (before === "not_kept") {
      return { notKept: this.#notKept.take() };
    }
    if (now !== "whole") {
      return {};
    }
    const withoutText = this.#shed;
    this.#shed = 0;
    return { withoutText };
  }
}
