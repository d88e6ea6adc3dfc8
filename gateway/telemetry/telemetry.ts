import { mkdirSync, unlinkSync } from "node:fs";
import type { Bus } from "../../bus/bus.ts";
import type { Clock } from "../../core/clock.ts";
import { messageOf, PlumblineError } from "../../core/errors.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { CallRecorder } from "../call-recorder.ts";
import { CallCensus } from "../census/call-census.ts";
import type { CensusConfig } from "../census/census-config.ts";
import { CensusReporter } from "../census/census-reporter.ts";
import type { RecordingRoom } from "../gateway-state.ts";
import { collectCalls } from "./call-spans.ts";
import { fitCall } from "./fitting/fit-call.ts";
import { thisProcess, writeOwner } from "./owner.ts";
import type { ShipDeps } from "./publish-batch.ts";
import { createRecorder, encodeCall } from "./recorder.ts";
import type { Recovery } from "./recovery.ts";
import { recoverDead } from "./recovery.ts";
import type { WriteAt } from "./segment-writer.ts";
import { Shipper } from "./shipper.ts";
import { Spool } from "./spool.ts";
import type { SpoolConfig } from "./spool-config.ts";
import { isGatewayId, listSpoolFolder, ownerPath } from "./spool-files.ts";
import { SpoolGate } from "./spool-gate.ts";
import type { EndedSpan } from "./tracer.ts";
import { startTracer } from "./tracer.ts";

/** What the gateway's telemetry needs. */
export interface TelemetryArgs {
  /** Folder of the spool, on a disk of this machine; gateways of this machine may share it. */
  readonly dir: string;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly config: SpoolConfig;
  /** How the calls that this gateway has finished are reported. */
  readonly census: CensusConfig;
  /** Letters, digits, `-` and `_`; new for every start of a gateway, for instance a UUID. */
  readonly gatewayId: string;
  readonly serviceVersion: string;
  /** How spool files are written; `fs.writeSync` when absent. */
  readonly writeAt?: WriteAt;
}

/** The gateway's telemetry at work. */
export interface Telemetry {
  readonly recorder: CallRecorder;
  /** Whether a new call may begin; when not, the caller gets status 503 with the reason. */
  readonly hasRoom: () => RecordingRoom;
  /** Resolves when every call that ended before, and what dead gateways had left, is on the bus. */
  readonly flush: () => Promise<void>;
  /** Flushes for at most `stopMs` and closes. Calls must have ended before; what the bus did not take stays in the spool. */
  readonly stop: () => Promise<void>;
}

/** Starts recording and shipping, and the recovery of what dead gateways left in the folder; it does not wait for the bus. */
export const startTelemetry = async (args: TelemetryArgs): Promise<Telemetry> => {
  const { dir, gatewayId, config, clock } = args;
  const onCall = (spans: EndedSpan[]): void => {
    if (gate.keeps(spans)) {
      const { bytes, isCut } = fitCall(encodeCall(spans), config.maxRecordBytes);
      if (isCut) {
        args.meter.add("spoolCut", 1, { limit: "record" });
      }
      spool.append(bytes);
    }
  };
  const tracing = startTracer({ ...args, onEnd: collectCalls(onCall) });
  ownFolder(args);
  const stopping = new AbortController();
  const onCut = tellOnce(() =>
    args.log.warn({}, "calls are longer than the bus takes: their text is cut, lower gateway.spool.maxRecordBytes"),
  );
  const depsFor = (id: string): ShipDeps => ({
    ...args,
    onCut,
    gatewayId: id,
    maxRetryMs: config.maxRetryMs,
    signal: stopping.signal,
  });
  const recovery = startRecovery(args, depsFor);
  const spool = new Spool({
    ...args,
    onAppend: () => shipper.wake(),
    onLoad: () => gate.observe(),
    otherBytes: recovery.bytesLeft,
  });
  const gate = new SpoolGate({ ...args, limits: config, load: () => spool.load });
  const shipper = new Shipper({ ...config, spool, deps: depsFor(gatewayId) });
  const census = new CallCensus(args);
  const reporter = startReporter(args, { census, spool });
  shipper.start();
  const flush = async (): Promise<void> => {
    await Promise.all([shipper.flush(), recovery.done]);
  };
  const stop = async (): Promise<void> => {
    await flushFor(flush, args);
    stopping.abort();
    await Promise.all([shipper.ended(), recovery.done]);
    await reporter.stop();
    await tracing.stop();
    await spool.close();
    unlinkSync(ownerPath(dir, gatewayId));
  };
  let stopped: Promise<void> | null = null;
  return {
    recorder: createRecorder({ tracer: tracing.tracer, clock, census, recordedEnd: (end) => gate.recordedEnd(end) }),
    hasRoom: () =>
      shipper.refusal === null ? gate.admit() : { ok: false, code: "data.in_use", reason: shipper.refusal },
    flush,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
};

const startReporter = (
  args: TelemetryArgs,
  { census, spool }: { readonly census: CallCensus; readonly spool: Spool },
): CensusReporter => {
  const queue = () => ({ last: spool.last, done: spool.shippedThrough });
  const reporter = new CensusReporter({ ...args, config: args.census, census, spool: queue });
  reporter.start();
  return reporter;
};

const tellOnce = (tell: () => void): (() => void) => {
  let isTold = false;
  return () => {
    if (!isTold) {
      isTold = true;
      tell();
    }
  };
};

/** A recovery that fails keeps no gateway from serving: the files stay for the next start. */
const startRecovery = (args: TelemetryArgs, depsFor: (id: string) => ShipDeps): Recovery => {
  const tell = (error: unknown): void =>
    args.log.error({ err: error }, "recovery of the spool failed: its files are kept for the next start");
  try {
    const { dir, gatewayId, config } = args;
    const recovery = recoverDead({ dir, holder: gatewayId, maxRecordBytes: config.maxRecordBytes, depsFor });
    return { ...recovery, done: recovery.done.catch(tell) };
  } catch (error) {
    tell(error);
    return { done: Promise.resolve(), bytesLeft: () => 0 };
  }
};

const ownFolder = ({ dir, gatewayId }: TelemetryArgs): void => {
  if (!isGatewayId(gatewayId)) {
    throw new PlumblineError("config.invalid", `a gateway id has only letters, digits, "-" and "_": ${gatewayId}`);
  }
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const { segments, claims } = listSpoolFolder(dir);
    const isUsed = [...segments, ...claims].some((file) => file.gatewayId === gatewayId);
    if (!isUsed && writeOwner(dir, gatewayId, thisProcess())) {
      return;
    }
  } catch (error) {
    throw new PlumblineError("data.read_only", `the spool folder ${dir} cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
  throw new PlumblineError(
    "data.in_use",
    `gateway ${gatewayId} has files in ${dir} already: each start needs a new id`,
  );
};

const flushFor = async (flush: () => Promise<void>, { clock, config, log }: TelemetryArgs): Promise<void> => {
  const timeout = new AbortController();
  const flushed = flush().then(
    () => true,
    () => false,
  );
  const isFlushed = await Promise.race([flushed, clock.sleep(config.stopMs, timeout.signal).then(() => false)]);
  timeout.abort();
  if (!isFlushed) {
    log.warn({}, "the bus did not take all calls in time: what is left is shipped at the next start");
  }
};
