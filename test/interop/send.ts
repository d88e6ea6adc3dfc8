import { join } from "node:path";
import type { Bus } from "../../bus/bus.ts";
import { systemClock } from "../../core/clock.ts";
import { silentMeter } from "../../core/instruments.ts";
import { silentLog } from "../../core/log.ts";
import { topics } from "../../core/topics.ts";
import { censusConfig } from "../../gateway/census/census-config.ts";
import { spoolConfig } from "../../gateway/telemetry/spool-config.ts";
import { startTelemetry } from "../../gateway/telemetry/telemetry.ts";
import { bareAttempt, bareAttemptEnd, bareEnd, bareStart } from "../gateway/telemetry/calls.ts";
import { otlpBytes } from "../processors/otlp-bytes.ts";
import { otlpJson } from "../processors/otlp-json.ts";
import { interopTopics } from "./collector-config.ts";
import { sentResource, sentSpans } from "./sent-spans.ts";

/** Sends the spans as an application's exporter does. */
export const sendSpans = async (port: number): Promise<void> => {
  const response = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/x-protobuf" },
    body: Buffer.from(otlpBytes(sentSpans, sentResource)),
  });
  if (!response.ok) throw new Error(`The Collector answered ${response.status}: ${await response.text()}`);
};

/** Lets a gateway's recorder write calls to the topic, and returns the values of its records. */
export const recordCalls = async (bus: Bus, dir: string): Promise<readonly Uint8Array[]> => {
  const topic = interopTopics.ours.otlp_proto;
  const telemetry = await startTelemetry({
    dir: join(dir, "spool"),
    bus: onTopic(bus, topic),
    clock: systemClock,
    log: silentLog,
    meter: silentMeter,
    config: spoolConfig.parse({}),
    census: censusConfig.parse({}),
    gatewayId: "interop",
    serviceVersion: "1",
  });
  const text = JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: "Grüße, 世界 𠮷" }] }]);
  for (const end of [bareEnd, { ...bareEnd, contentPolicy: "full", outputMessages: text } as const, bareEnd]) {
    const call = telemetry.recorder.start({ ...bareStart, tenant: "an-application" });
    call.startAttempt(bareAttempt).end(bareAttemptEnd);
    call.end(end);
  }
  await telemetry.flush();
  await telemetry.stop();
  const values: Uint8Array[] = [];
  for await (const { value } of bus.browse(topic)) values.push(value);
  return values;
};

/** The bus, with one topic in the place of the one for spans. */
const onTopic = (bus: Bus, topic: string): Bus => {
  const named = (name: string): string => (name === topics.spans ? topic : name);
  return {
    publish: (message) => bus.publish({ ...message, topic: named(message.topic) }),
    lastSequence: (name, producerId) => bus.lastSequence(named(name), producerId),
    consume: (options) => bus.consume(options),
    progress: (name, group) => bus.progress(name, group),
    browse: (name) => bus.browse(name),
    follow: (name, options) => bus.follow(name, options),
    close: () => bus.close(),
  };
};

/** Writes spans to the topic as OTLP/JSON, and returns the values of its records. */
export const publishJson = async (bus: Bus): Promise<readonly Uint8Array[]> => {
  const value = otlpJson(sentSpans, { resource: sentResource });
  await bus.publish({ topic: interopTopics.ours.otlp_json, key: "a key", value });
  return [value];
};
