import { registerHooks } from "node:module";

/** What `sdk-node` takes from packages that only a variable of the environment, or a file that it names, could put to use. */
export const absentExports: Readonly<Record<string, readonly string[]>> = {
  "@opentelemetry/configuration": [
    "mergeHeadersConfig",
    "mergePropagatorCompositeConfig",
    "mergeResourceAttributesConfig",
    "parseConfigFile",
  ],
  "@opentelemetry/exporter-logs-otlp-grpc": ["OTLPLogExporter"],
  "@opentelemetry/exporter-logs-otlp-http": ["OTLPLogExporter"],
  "@opentelemetry/exporter-logs-otlp-proto": ["OTLPLogExporter"],
  "@opentelemetry/exporter-metrics-otlp-grpc": ["OTLPMetricExporter"],
  "@opentelemetry/exporter-metrics-otlp-http": ["AggregationTemporalityPreference", "OTLPMetricExporter"],
  "@opentelemetry/exporter-metrics-otlp-proto": ["OTLPMetricExporter"],
  "@opentelemetry/exporter-prometheus": ["PrometheusExporter"],
  "@opentelemetry/exporter-trace-otlp-grpc": ["OTLPTraceExporter"],
  "@opentelemetry/exporter-trace-otlp-http": ["OTLPTraceExporter"],
  "@opentelemetry/exporter-trace-otlp-proto": ["OTLPTraceExporter"],
  "@opentelemetry/exporter-zipkin": ["ZipkinExporter"],
  "@opentelemetry/otlp-exporter-base": ["CompressionAlgorithm"],
  "@opentelemetry/otlp-grpc-exporter-base": [
    "createEmptyMetadata",
    "createInsecureCredentials",
    "createSslCredentials",
  ],
  "@opentelemetry/propagator-b3": ["B3InjectEncoding", "B3Propagator"],
};

/** A module of the names that throws wherever one is used, be it called, made or read. */
const absentModule = (names: readonly string[]): string => {
  const source = `const refuse = () => { throw new Error("the gateway's SDK has no exporters: its configuration is closed"); };
const absent = new Proxy(function () {}, { apply: refuse, construct: refuse, get: refuse });
export { ${names.map((name) => `absent as ${name}`).join(", ")} };`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
};

/**
 * The SDK without its exporters: they take 6 MB, gRPC and the schema of the SDK's configuration most of it, and spans leave by the
 * bus alone.
 */
const loadNodeSdk = async () => {
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const names = context.parentURL?.includes("/@opentelemetry/sdk-node/") ? absentExports[specifier] : undefined;
      return names === undefined ? next(specifier, context) : { url: absentModule(names), shortCircuit: true };
    },
  });
  try {
    return await import("@opentelemetry/sdk-node");
  } finally {
    hooks.deregister();
  }
};

export const { NodeSDK } = await loadNodeSdk();
