import type { Attributes, HrTime, Span, Tracer } from "@opentelemetry/api";
import { context, ROOT_CONTEXT, SamplingDecision, trace } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { NodeSDKConfiguration } from "@opentelemetry/sdk-node";
import { general } from "../../core/attributes.ts";
import { PlumblineError } from "../../core/errors.ts";
import { NodeSDK } from "./node-sdk.ts";

/** What the SDK calls when spans start and end. */
export type SpanProcessor = NonNullable<NodeSDKConfiguration["spanProcessors"]>[number];

/** A span that has ended. */
export type EndedSpan = Parameters<SpanProcessor["onEnd"]>[0];

/** The process and the scope that spans come from. */
export type SpanOrigin = Pick<EndedSpan, "resource" | "instrumentationScope">;

/** Who makes the spans. */
export interface TracerArgs {
  readonly gatewayId: string;
  readonly serviceVersion: string;
}

/** A tracer of an SDK of its own. */
export interface RunningTracer {
  readonly tracer: Tracer;
  /** That of every span of this tracer. */
  readonly origin: SpanOrigin;
  /** Ends a span of this tracer that is under way, and gives it as the SDK gives it to an exporter. */
  readonly endSpan: (span: Span, at: HrTime) => EndedSpan;
  readonly stop: () => Promise<void>;
}

/** Name of the gateway as a service, and of the scope of its spans. */
const serviceName = "plumbline-gateway";

/** The attributes of a gateway's resource. */
const resourceAttributes = ({ gatewayId, serviceVersion }: TracerArgs): Attributes => ({
  [general.serviceName]: serviceName,
  "service.version": serviceVersion,
  [general.serviceInstanceId]: gatewayId,
});

/** The origin of spans that another gateway process did not live to make. */
export const originOf = (args: TracerArgs): SpanOrigin => ({
  resource: resourceFromAttributes(resourceAttributes(args)),
  instrumentationScope: { name: serviceName, version: args.serviceVersion },
});

/**
 * Starts an OpenTelemetry SDK in which everything is said: no variable of the environment can add an exporter, sample or
 * cut a span. The SDK can only be had through the API's globals, so they are given back at once: several can run in a
 * process, and nothing else in it is traced by accident.
 */
export const startTracer = (args: TracerArgs): RunningTracer => {
  const heard: SpanOrigin[] = [];
  let ended: EndedSpan | null = null;
  const sdk = new NodeSDK({
    ...fixedConfiguration,
    resource: resourceFromAttributes(resourceAttributes(args)),
    spanProcessors: [
      {
        onStart: ({ resource, instrumentationScope }) => {
          if (heard.length === 0) heard.push({ resource, instrumentationScope });
        },
        onEnd: (span) => {
          ended = span;
        },
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  });
  sdk.start();
  const tracer = trace.getTracer(serviceName, args.serviceVersion);
  tracer.startSpan("start", {}, ROOT_CONTEXT);
  const [origin] = heard;
  if (origin === undefined) {
    throw new PlumblineError(
      "config.invalid",
      "no spans can be made: unset OTEL_SDK_DISABLED, and load no other OpenTelemetry SDK into the gateway's process",
    );
  }
  trace.disable();
  context.disable();
  const endSpan = (span: Span, at: HrTime): EndedSpan => {
    ended = null;
    span.end(at);
    return endedOr(ended);
  };
  return { tracer, origin, endSpan, stop: () => sdk.shutdown() };
};

const endedOr = (span: EndedSpan | null): EndedSpan => {
  if (span === null) {
    throw new PlumblineError("gateway.internal", "a span that has ended ends again");
  }
  return span;
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
