import type { Attributes, Tracer } from "@opentelemetry/api";
import { context, ROOT_CONTEXT, SamplingDecision, trace } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { NodeSDKConfiguration } from "@opentelemetry/sdk-node";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { general } from "../../core/attributes.ts";
import { PlumblineError } from "../../core/errors.ts";

/** What the SDK calls when spans start and end. */
export type SpanProcessor = NonNullable<NodeSDKConfiguration["spanProcessors"]>[number];

/** A span that has ended. */
export type EndedSpan = Parameters<SpanProcessor["onEnd"]>[0];

/** Who makes the spans, and where they go. */
export interface TracerArgs {
  readonly gatewayId: string;
  readonly serviceVersion: string;
  /** Called when a span ends, before its `end` returns. */
  readonly onEnd: (span: EndedSpan) => void;
}

/** A tracer of an SDK of its own. */
export interface RunningTracer {
  readonly tracer: Tracer;
  readonly stop: () => Promise<void>;
}

/** Name of the gateway as a service, and of the scope of its spans. */
export const serviceName = "plumbline-gateway";

/** The attributes of a gateway's resource. */
export const resourceAttributes = ({ gatewayId, serviceVersion }: Omit<TracerArgs, "onEnd">): Attributes => ({
  [general.serviceName]: serviceName,
  "service.version": serviceVersion,
  [general.serviceInstanceId]: gatewayId,
});

/**
 * Starts an OpenTelemetry SDK in which everything is said: no variable of the environment can add an exporter, sample or
 * cut a span. The SDK can only be had through the API's globals, so they are given back at once: several can run in a
 * process, and nothing else in it is traced by accident.
 */
export const startTracer = (args: TracerArgs): RunningTracer => {
  let isHeard = false;
  const sdk = new NodeSDK({
    ...fixedConfiguration,
    resource: resourceFromAttributes(resourceAttributes(args)),
    spanProcessors: [
      {
        onStart: () => {
          isHeard = true;
        },
        onEnd: args.onEnd,
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  });
  sdk.start();
  const tracer = trace.getTracer(serviceName, args.serviceVersion);
  tracer.startSpan("start", {}, ROOT_CONTEXT);
  if (!isHeard) {
    throw new PlumblineError(
      "config.invalid",
      "no spans can be made: unset OTEL_SDK_DISABLED, and load no other OpenTelemetry SDK into the gateway's process",
    );
  }
  trace.disable();
  context.disable();
  return { tracer, stop: () => sdk.shutdown() };
};

const fixedConfiguration: Partial<NodeSDKConfiguration> = {
  autoDetectResources: false,
  instrumentations: [],
  metricReaders: [],
  logRecordProcessors: [],
  textMapPropagator: null,
  sampler: {
    shouldSample: () => ({ decision: SamplingDecision.RECORD_AND_SAMPLED }),
    toString: () => "AlwaysOn",
  },
  spanLimits: {
    attributeCountLimit: Number.POSITIVE_INFINITY,
    attributeValueLengthLimit: Number.POSITIVE_INFINITY,
    eventCountLimit: Number.POSITIVE_INFINITY,
    linkCountLimit: Number.POSITIVE_INFINITY,
    attributePerEventCountLimit: Number.POSITIVE_INFINITY,
    attributePerLinkCountLimit: Number.POSITIVE_INFINITY,
  },
};
