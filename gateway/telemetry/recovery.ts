import { renameSync, statSync, unlinkSync } from "node:fs";
import { stat } from "node:fs/promises";
import { topics } from "../../core/topics.ts";
import { sayGoodbyeFor } from "../census/say-goodbye-for.ts";
import { claimDead, endClaim } from "./claim.ts";
import { batchAfter } from "./frame-batch.ts";
import type { ShipDeps } from "./publish-batch.ts";
import { publishBatch, untilDone } from "./publish-batch.ts";
import type { SegmentRead } from "./segment-reader.ts";
import { SegmentReader } from "./segment-reader.ts";
import type { SegmentFile } from "./spool-files.ts";
import { listSpoolFolder } from "./spool-files.ts";

/** What recovery needs. */
export interface RecoveryArgs {
  readonly dir: string;
  /** The gateway that recovers; its owner file is there already. */
  readonly holder: string;
  readonly maxRecordBytes: number;
  /** Shipping for the calls of one dead gateway. */
  readonly depsFor: (gatewayId: string) => ShipDeps;
}

/** A recovery under way. */
export interface Recovery {
  /** Resolves when all is shipped or the signal has ended it; rejects when a file cannot be read or removed. */
  readonly done: Promise<void>;
  /** Bytes of the files that are not shipped yet. */
  readonly bytesLeft: () => number;
}

/** Ships what dead gateways left in the folder, under their own ids and sequences, then removes their files. */
export const recoverDead = (args: RecoveryArgs): Recovery => {
  const claimed = claimDead(args.dir, args.holder);
  const { segments } = listSpoolFolder(args.dir);
  const left = new Map(
    segments.filter((file) => claimed.includes(file.gatewayId)).map((file) => [file, statSync(file.path).size]),
  );
  const run = async (): Promise<void> => {
    for (const gatewayId of claimed) {
      await recoverGateway(gatewayId, args, left);
    }
  };
  return { done: run(), bytesLeft: () => sumOf(left.values()) };
};

const sumOf = (numbers: Iterable<number>): number => {
  let sum = 0;
  for (const each of numbers) {
    sum += each;
  }
  return sum;
};

/** The files of which something is left, with their sizes in bytes. */
type Left = Map<SegmentFile, number>;

const recoverGateway = async (gatewayId: string, args: RecoveryArgs, left: Left): Promise<void> => {
  const deps = args.depsFor(gatewayId);
  const known = await untilDone(deps, () => deps.bus.lastSequence(topics.spans, gatewayId));
  if (known === null) {
    return;
  }
  let reached = known;
  let calls = 0;
  for (const file of [...left.keys()].filter((each) => each.gatewayId === gatewayId)) {
    if (file.first > reached + 1) {
      deps.log.error({ gatewayId, from: reached + 1, to: file.first - 1 }, "calls are missing from the spool");
    }
    const shipped = await recoverSegment(file, { deps, known, maxRecordBytes: args.maxRecordBytes });
    if (shipped === null) {
      return;
    }
    left.delete(file);
    calls += shipped.calls;
    reached = Math.max(reached, shipped.reached);
  }
  if ((await untilDone(deps, () => sayGoodbyeFor(gatewayId, deps))) === null) {
    return;
  }
  endClaim(args.dir, gatewayId, args.holder);
  deps.log.info({ gatewayId, calls }, "what a dead gateway left in the spool is on the bus");
};

interface SegmentArgs {
  readonly deps: ShipDeps;
  /** Sequence up to which the bus has the calls already. */
  readonly known: number;
  readonly maxRecordBytes: number;
}

/** Ships one file and removes it; null when the signal ended that. */
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
      const read = await untilDone(deps, async () => reader.read((await stat(file.path)).size, maxRecordBytes));
      if (read === null) {
        return null;
      }
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
