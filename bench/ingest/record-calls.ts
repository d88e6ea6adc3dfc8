import type { Bus } from "../../bus/bus.ts";
import { systemClock } from "../../core/clock.ts";
import { randomIds } from "../../core/ids.ts";
import { silentMeter } from "../../core/instruments.ts";
import { silentLog } from "../../core/log.ts";
import { rawUsageText } from "../../core/raw-usage.ts";
import type { CallEnd, CallRecorder, CallStart } from "../../gateway/call-recorder.ts";
import { censusConfig } from "../../gateway/census/census-config.ts";
import { spoolConfig } from "../../gateway/telemetry/spool-config.ts";
import type { Telemetry } from "../../gateway/telemetry/telemetry.ts";
import { startTelemetry } from "../../gateway/telemetry/telemetry.ts";

/** Calls to record, and whether they carry text. */
export interface Recording {
  readonly bus: Bus;
  readonly dir: string;
  readonly calls: number;
  readonly textBytes: number;
}

const perTurn = 100;

/** Records calls through the gateway's own telemetry until all are on the bus; returns microseconds per recorded call. */
export const recordCalls = async ({ bus, dir, calls, textBytes }: Recording): Promise<number> => {
  const telemetry = await startRecording(bus, dir);
  let spentMs = 0;
  for (let done = 0; done < calls; done += perTurn) {
    const startedMs = performance.now();
    for (let index = done; index < Math.min(done + perTurn, calls); index += 1) {
      recordOne(telemetry.recorder, { index, textBytes });
    }
    spentMs += performance.now() - startedMs;
    await new Promise(setImmediate);
  }
  await telemetry.flush();
  await telemetry.stop();
  return (spentMs * 1000) / calls;
};

/** Records calls without text at a rate until it is stopped; resolves then with how many, when all are on the bus. */
export const recordLive = (args: {
  readonly bus: Bus;
  readonly dir: string;
  readonly perSecond: number;
}): { readonly stop: () => Promise<number> } => {
  const stopping = new AbortController();
  const run = async (): Promise<number> => {
    const telemetry = await startRecording(args.bus, args.dir);
    const startedMs = performance.now();
    let made = 0;
    while (!stopping.signal.aborted) {
      const due = ((performance.now() - startedMs) * args.perSecond) / 1000;
      for (; made < due; made += 1) {
        recordOne(telemetry.recorder, { index: made, textBytes: 0 });
      }
      await systemClock.sleep(20);
    }
    await telemetry.flush();
    await telemetry.stop();
    return made;
  };
  const running = run();
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
};

const startRecording = (bus: Bus, dir: string): Promise<Telemetry> =>
  startTelemetry({
    dir,
    bus,
    clock: systemClock,
    log: silentLog,
    meter: silentMeter,
    config: spoolConfig.parse({}),
    census: censusConfig.parse({}),
    gatewayId: randomIds.next(),
    serviceVersion: "bench",
  });

const models = ["gpt-4o", "gpt-4o-mini", "gpt-4-0613", "o3"] as const;

const recordOne = (recorder: CallRecorder, which: { readonly index: number; readonly textBytes: number }): void => {
  const model = models[which.index % models.length] ?? "gpt-4o";
  const call = recorder.start(startOf(model));
  const attempt = call.startAttempt({
    number: 1,
    provider: "openai",
    target: `openai/${model}`,
    model,
    providerKey: null,
    serverAddress: "127.0.0.1",
    serverPort: 443,
  });
  const end = endOf(model, which);
  attempt.end(end);
  call.end(end);
};

const startOf = (model: string): CallStart => ({
  traceparent: null,
  tracestate: null,
  operation: "chat",
  tenant: "default",
  keyId: null,
  userHash: "2f1c8a90b1d2e3f4",
  session: "session-1",
  feature: "search",
  route: "default",
  variant: `openai/${model}`,
  routeReason: "weight 1/1",
  policyVersion: "c0ffee00",
  provider: "openai",
  modelRequested: model,
  modelPinned: null,
  isStream: true,
  maxTokens: 512,
  imposedMaxTokens: null,
  temperature: 0.2,
  systemPromptHash: null,
  toolsHash: null,
  serverAddress: "127.0.0.1",
  serverPort: 443,
});

const endOf = (
  model: string,
  { index, textBytes }: { readonly index: number; readonly textBytes: number },
): CallEnd => ({
  outcome: "ok",
  errorType: null,
  httpStatus: 200,
  modelServed: model,
  responseId: `chatcmpl-${index}`,
  ttftMs: 100 + (index % 400),
  worstGapMs: 20 + (index % 30),
  usage: {
    inputTokens: 200 + (index % 1_000),
    outputTokens: 50 + (index % 300),
    cacheReadTokens: index % 100,
    cacheWriteTokens: null,
    reasoningTokens: null,
    parts: {},
    tier: null,
    source: "provider",
  },
  rawUsage: rawUsageText({
    prompt_tokens: 200 + (index % 1_000),
    completion_tokens: 50 + (index % 300),
    total_tokens: 250 + (index % 1_000) + (index % 300),
    prompt_tokens_details: { cached_tokens: index % 100, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }),
  finishReasons: ["stop"],
  attempts: 1,
  isFallback: false,
  region: null,
  moves: null,
  contentPolicy: textBytes === 0 ? "none" : "redacted",
  inputMessages: textBytes === 0 ? null : messagesOf("user", { index, bytes: textBytes / 3 }),
  outputMessages: textBytes === 0 ? null : messagesOf("assistant", { index, bytes: (textBytes * 2) / 3 }),
  inputCutBytes: 0,
  outputCutBytes: 0,
});

/** Text that differs from call to call, so that compression has no easy time. */
const messagesOf = (role: string, text: { readonly index: number; readonly bytes: number }): string => {
  const words: string[] = [];
  let state = text.index + 1;
  for (let length = 0; length < text.bytes; length += 8) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    words.push(state.toString(36).padStart(7, "x"));
  }
  return JSON.stringify([{ role, parts: [{ type: "text", content: words.join(" ") }] }]);
};
