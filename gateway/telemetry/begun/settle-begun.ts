import { renameSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { PlumblineError } from "../../../core/errors.ts";
import { createEncodeCall } from "../encode-call.ts";
import { frameBytes, writeFrame } from "../frame.ts";
import { hrTimeAt } from "../hr-time.ts";
import type { ShipDeps } from "../publish-batch.ts";
import type { SegmentFile } from "../spool-files.ts";
import { begunPath, segmentPath } from "../spool-files.ts";
import { originOf } from "../tracer.ts";
import { unsettledRecords } from "./begun-journal.ts";
import type { InterruptedCall } from "./interrupted-calls.ts";
import { interruptedCalls } from "./interrupted-calls.ts";
import { interruptedSpans } from "./interrupted-spans.ts";
import { lastRecords } from "./last-records.ts";
import { readBegun } from "./read-begun.ts";

/** What is settled, of a dead gateway that the caller holds a claim on. */
export interface SettleBegunArgs {
  /** Its spool files, in order of their sequences. */
  readonly files: readonly SegmentFile[];
  /** Sequence up to which the bus has its calls. */
  readonly known: number;
  readonly deps: ShipDeps;
  readonly maxRecordBytes: number;
  readonly serviceVersion: string;
}

/**
 * Gives every call that a dead gateway had under way its record: a last file in the gateway's spool, which is then shipped as
 * any other. Returns the files, with that one behind. The file comes into being whole and before the note of the calls goes, so
 * that a repeat after a kill finds the calls recorded.
 */
export const settleBegun = async (args: SettleBegunArgs): Promise<readonly SegmentFile[]> => {
  const { files, known, deps, maxRecordBytes } = args;
  const { dir, gatewayId, held, log, meter } = deps;
  const path = begunPath(dir, gatewayId);
  const read = await readBegun(path);
  if (read === null) {
    return files;
  }
  const { calls: begun, unreadable } = read;
  const left = await lastRecords(files, {
    // Those that may still be noted, that of a call that was just being forgotten, and those that were made here before a kill.
    count: unsettledRecords + 1 + begun.length,
    maxBytes: maxRecordBytes,
  });
  const last = Math.max(left.last, known);
  const interrupted = interruptedCalls({ begun, lastEnded: left.callIds, last, lastSeq: left.lastSeq });
  if (!held.check()) {
    throw new PlumblineError("data.in_use", `another gateway has taken over the calls of ${gatewayId}`);
  }
  const added = interrupted.length === 0 ? null : writeRecords(interrupted, args);
  unlinkSync(path);
  if (unreadable > 0) {
    meter.add("spoolBegunDropped", unreadable, { reason: "unreadable" });
    log.error(
      { gatewayId, calls: unreadable },
      "calls under way in a dead gateway cannot be read: they have no record",
    );
  }
  if (added === null) {
    return files;
  }
  meter.add("spoolInterrupted", interrupted.length);
  log.warn(
    { gatewayId, calls: interrupted.length },
    "a gateway died with calls under way: they are recorded as interrupted",
  );
  // An empty file, or the beginning of a record that nobody was told of, may have had its name.
  return [...files.filter((file) => file.path !== added.path), added];
};

const writeRecords = (
  interrupted: readonly InterruptedCall[],
  { files, deps, serviceVersion }: SettleBegunArgs,
): SegmentFile => {
  const { dir, gatewayId } = deps;
  const first = interrupted[0]?.sequence ?? 1;
  const path = segmentPath(dir, gatewayId, first);
  const signs = [begunPath(dir, gatewayId), ...files.map((file) => file.path)].map((each) => statSync(each).mtimeMs);
  const spansOf = interruptedSpans({ endedAt: hrTimeAt(Math.max(...signs), 0) });
  const encodeCall = createEncodeCall(originOf({ gatewayId, serviceVersion }));
  const frames = interrupted.map((each) => frameOf(encodeCall(spansOf(each))));
  writeFileSync(`${path}.part`, Buffer.concat(frames), { mode: 0o600 });
  renameSync(`${path}.part`, path);
  return { path, gatewayId, first };
};

const frameOf = (payload: Uint8Array): Buffer => {
  const frame = Buffer.allocUnsafe(frameBytes(payload));
  writeFrame(frame, payload);
  return frame;
};
