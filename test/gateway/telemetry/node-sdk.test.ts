import { afterEach, describe, expect, it, vi } from "vitest";
import { absentExports, NodeSDK } from "../../../gateway/telemetry/node-sdk.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("the SDK without its exporters", () => {
  it.each(["otlp", "zipkin"])("refuses the exporter %s that a variable names", (exporter) => {
    vi.stubEnv("OTEL_TRACES_EXPORTER", exporter);
    const sdk = new NodeSDK({ autoDetectResources: false, metricReaders: [], logRecordProcessors: [] });
    expect(() => sdk.start()).toThrow("the gateway's SDK has no exporters");
  });

  it.each(Object.entries(absentExports))("lacks what %s exports", async (name, names) => {
    const real: Record<string, unknown> = await import(name);
    expect(names.filter((each) => !(each in real))).toEqual([]);
  });
});
