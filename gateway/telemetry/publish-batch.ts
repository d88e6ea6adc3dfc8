import { renameSync, writeFileSync } from "node:fs";
import type { Bus } from "../../bus/bus.ts";
import type { Clock } from "../../core/clock.ts";
import { messageOf, PlumblineError } from "../../core/errors.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import { topics } from "../../core/topics.ts";
import { fitCall } from "./fitting/fit-call.ts";
import type { FrameBatch } from "./frame-batch.ts";
import { lastOf, splitBatch } from "./frame-batch.ts";
import { growingPauseMs } from "./growing-pause.ts";
import type { HeldFile } from "./held-file.ts";
import { rejectedPath } from "./spool-files.ts";

/** What shipping needs, for the calls of one gateway process. */
export interface ShipDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  /** Tells, once for all that share it, that the bus takes less than a call is long. */
  readonly onCut: () => void;
  /** Folder of the spool. */
  readonly dir: string;
  /** The gateway that made the calls; not always the one that ships them. */
  readonly gatewayId: string;
  readonly maxRetryMs: number;
  /** By this file the calls are ours to ship: nothing is published without it, or another gateway would ship them too. */
  readonly held: HeldFile;
  /** Aborts when shipping is to end, whatever is left. */
  readonly signal: AbortSignal;
}

/**
 * Puts a batch on the bus and resolves to true when all of it is there, however long that takes; to false when the signal
 * ended it. A batch is tried again with the same sequence, so that the bus knows a repeat. One that is too large is cut in
 * two; a single call that is too large loses text until the bus takes it, and only when its numbers alone are too large it is
 * moved to a file.
 */
export const publishBatch = async (batch: FrameBatch, deps: ShipDeps): Promise<boolean> => {
  const waiting = [batch];
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    const current = part;
    const result = await untilDone(deps, () => publishOnce(current, deps));
    if (result === null) {
      return false;
    }
    if (result === "published") {
      deps.meter.add("spoolShipped", current.payloads.length);
    } else if (current.payloads.length > 1) {
      waiting.unshift(...splitBatch(current));
    } else if (!(await publishCut(current, deps))) {
      return false;
    }
  }
  return true;
};

/** Publishes a single call in half its size, then in a quarter, and so on. What a refusal says of the limit is only text. */
const publishCut = async (batch: FrameBatch, deps: ShipDeps): Promise<boolean> => {
  const whole = joined(batch.payloads);
  for (let maxBytes = Math.floor(whole.length / 2); ; maxBytes = Math.floor(maxBytes / 2)) {
    const { bytes } = fitCall(whole, maxBytes);
    const result = await untilDone(deps, () => publishOnce({ first: batch.first, payloads: [bytes] }, deps));
    if (result === "published") {
      deps.meter.add("spoolShipped", 1);
      deps.meter.add("spoolCut", 1, { limit: "bus" });
      deps.onCut();
      return true;
    }
    if (result === null || bytes.length > maxBytes) {
      return result !== null && (await untilDone(deps, async () => reject(batch, deps))) !== null;
    }
  }
};

/** Repeats an action with growing pauses until it succeeds; null when the signal ended it. */
export const untilDone = async <T>(deps: ShipDeps, act: () => Promise<T>): Promise<T | null> => {
  for (let failures = 0; !deps.signal.aborted; ) {
    try {
      const result = await act();
      if (failures > 0) {
        deps.log.info({ gatewayId: deps.gatewayId, failures }, "calls reach the bus again");
      }
      return result;
    } catch (error) {
      failures += 1;
      deps.meter.add("spoolErrors", 1, { code: error instanceof PlumblineError ? error.code : "bus.unavailable" });
      if (failures === 1) {
        deps.log.warn({ gatewayId: deps.gatewayId, err: error }, "calls wait in the spool: shipping them fails");
      }
      await deps.clock.sleep(growingPauseMs(failures, deps.maxRetryMs), deps.signal);
    }
  }
  return null;
};

/**
 * The last sequence of the gateway that the bus knows; null when the signal ended the asking. To ask shuts out every other
 * process that publishes under this id, so it is asked only while the calls are ours.
 */
export const lastKnown = (deps: ShipDeps): Promise<number | null> =>
  untilDone(deps, async () => {
    checkHeld(deps);
    return deps.bus.lastSequence(topics.spans, deps.gatewayId);
  });

const checkHeld = ({ held, gatewayId }: ShipDeps): void => {
  if (!held.check()) {
    throw new PlumblineError("data.in_use", `another gateway has taken over the calls of ${gatewayId}`);
  }
};

const publishOnce = async (batch: FrameBatch, deps: ShipDeps): Promise<"published" | "too_large"> => {
  checkHeld(deps);
  try {
    await deps.bus.publish({
      topic: topics.spans,
      key: null,
      value: joined(batch.payloads),
      producer: { id: deps.gatewayId, sequence: lastOf(batch) },
    });
    return "published";
  } catch (error) {
    if (error instanceof PlumblineError && error.code === "bus.too_large") {
      return "too_large";
    }
    throw error;
  }
};

/** Export requests one after the other are again an export request: repeated fields of protobuf messages add up. */
const joined = (payloads: readonly Uint8Array[]): Uint8Array => {
  const [only] = payloads;
  return payloads.length === 1 && only !== undefined ? only : Buffer.concat(payloads);
};

/** Moving the same call again after a crash writes the same file. */
const reject = (batch: FrameBatch, deps: ShipDeps): void => {
  const path = rejectedPath(deps.dir, deps.gatewayId, batch.first);
  const bytes = joined(batch.payloads);
  try {
    writeFileSync(`${path}.part`, bytes, { mode: 0o600 });
    renameSync(`${path}.part`, path);
  } catch (error) {
    throw new PlumblineError("spool.unwritable", `${path} cannot be written: ${messageOf(error)}`, { cause: error });
  }
  deps.meter.add("spoolErrors", 1, { code: "bus.too_large" });
  deps.log.error({ file: path, bytes: bytes.length }, "a call is too large for the bus: it was moved to a file");
};
