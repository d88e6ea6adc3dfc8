import { existsSync, renameSync, unlinkSync } from "node:fs";
import { stat } from "node:fs/promises";
import { settleBegun } from "./begun/settle-begun.ts";
import { batchAfter } from "./frame-batch.ts";
import type { ShipDeps } from "./publish-batch.ts";
import { lastKnown, publishBatch } from "./publish-batch.ts";
import type { SegmentRead } from "./segment-reader.ts";
import { SegmentReader } from "./segment-reader.ts";
import type { SegmentFile } from "./spool-files.ts";
import { begunPath } from "./spool-files.ts";

/** What is to be recovered of one dead gateway, which the caller holds a claim on. */
export interface RecoverGatewayArgs {
  /** Its files, in order of their sequences. */
  readonly files: readonly SegmentFile[];
  readonly deps: ShipDeps;
  readonly maxRecordBytes: number;
  /** Version of the gateway that recovers. */
  readonly serviceVersion: string;
  /** Called for each file that is shipped and removed. */
  readonly onFile: (file: SegmentFile) => void;
}

/**
 * Ships what a dead gateway left, under its own id and sequences, and removes its files; true when nothing is left, false
 * when the signal ended it. The gateway must be dead. Its calls under way are recorded first.
 */
export const recoverGateway = async (args: RecoverGatewayArgs): Promise<boolean> => {
  const { deps, maxRecordBytes, onFile } = args;
  const { dir, gatewayId, log } = deps;
  if (args.files.length === 0 && !existsSync(begunPath(dir, gatewayId))) {
    return true;
  }
  const known = await lastKnown(deps);
  if (known === null) {
    return false;
  }
  const files = await settleBegun({ ...args, known });
  let reached = known;
  let calls = 0;
  for (const file of files) {
    if (file.first > reached + 1) {
      log.error({ gatewayId, from: reached + 1, to: file.first - 1 }, "calls are missing from the spool");
    }
    const shipped = await recoverSegment(file, { deps, known, maxRecordBytes });
    if (shipped === null) {
      return false;
    }
    onFile(file);
    calls += shipped.calls;
    reached = Math.max(reached, shipped.reached);
  }
  log.info({ gatewayId, calls }, "what a dead gateway left in the spool is on the bus");
  return true;
};

interface SegmentArgs {
  readonly deps: ShipDeps;
  /** Sequence up to which the bus has the calls already. */
  readonly known: number;
  readonly maxRecordBytes: number;
}

/** Ships one file and removes it; null when the signal ended that. It rejects when the file cannot be read or removed. */
const recoverSegment = async (
  file: SegmentFile,
  args: SegmentArgs,
): Promise<{ readonly calls: number; readonly reached: number } | null> => {
  const { deps, known, maxRecordBytes } = args;
  const reader = new SegmentReader(file.path);
  let next = file.first;
  let calls = 0;
  try {
    for (;;) {
      const read = await reader.read((await stat(file.path)).size, maxRecordBytes);
      if (read.verdict !== "ok") {
        finish(file, read, deps);
        return { calls, reached: next - 1 };
      }
      const batch = batchAfter({ first: next, payloads: read.payloads }, known);
      if (batch !== null && !(await publishBatch(batch, deps))) {
        return null;
      }
      calls += batch?.payloads.length ?? 0;
      next += read.payloads.length;
    }
  } finally {
    await reader.close();
  }
};

/** A torn end was never acknowledged to a caller; damage before the end is kept for the operator. */
const finish = (file: SegmentFile, read: SegmentRead, { log, meter }: ShipDeps): void => {
  if (read.verdict === "corrupt") {
    renameSync(file.path, `${file.path}.corrupt`);
    meter.add("spoolErrors", 1, { code: "spool.corrupt" });
    log.error(
      { file: `${file.path}.corrupt`, bytes: read.badBytes },
      "a spool file is damaged: calls in it were not shipped",
    );
    return;
  }
  if (read.verdict === "torn") {
    log.warn(
      { file: file.path, bytes: read.badBytes },
      "a spool file ends in a call that was not written whole: ignored",
    );
  }
  unlinkSync(file.path);
};
