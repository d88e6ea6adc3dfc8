import type { TestAttributes, TestSpan } from "../processors/otlp-bytes.ts";

/** The resource of the spans that are sent to the Collector. */
export const sentResource: TestAttributes = { "service.name": "an-application", "service.instance.id": "ü-𠮷" };

const traces = ["4bf92f3577b34da6a3ce929d0e0e4736", "0af7651916cd43dd8448eb211c80319c"] as const;

/** Traces of one plain span each, so that their keys spread over the partitions. */
const plainSpans: readonly TestSpan[] = Array.from({ length: 8 }, (_, index) => ({
  traceId: `${index + 1}`.repeat(32),
  spanId: `${index + 1}`.repeat(16),
}));

/** Spans of ten traces, with a value of each type that OTLP has. */
export const sentSpans: readonly TestSpan[] = [
  {
    traceId: traces[0],
    spanId: "00f067aa0ba902b7",
    name: "chat gpt-4o-mini",
    kind: 3,
    startNs: 1_767_225_600_123_456_789n,
    endNs: 1_767_225_602_000_000_001n,
    traceState: "vendor=a,other=b",
    statusCode: 1,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.request.temperature": 0.7,
      "gen_ai.response.finish_reasons": ["stop", "length"],
      "gen_ai.usage.input_tokens": 1234,
      "gen_ai.usage.output_tokens": 56,
      "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"Grüße, 世界 𠮷 \\u0000"}]}]',
      "test.beyond_doubles": 9_007_199_254_740_993n,
      "test.smallest_integer": -(2n ** 63n),
      "test.negative": -1,
      "test.yes": true,
      "test.no": false,
      "test.empty": "",
      "test.infinite": Number.NEGATIVE_INFINITY,
      "test.tiny": 5e-324,
      "test.bytes": Uint8Array.of(0, 255, 128, 7),
      "test.tree": { list: [1, "two", false, { deep: [] }], none: {} },
    },
    events: [
      {
        atNs: 1_767_225_601_000_000_000n,
        name: "gen_ai.client.inference.operation.details",
        attributes: { "gen_ai.request.max_tokens": 100 },
      },
    ],
    links: [{ traceId: traces[1], spanId: "b7ad6b7169203331", traceState: "", attributes: { why: "retry" } }],
  },
  {
    traceId: traces[0],
    spanId: "00f067aa0ba902b8",
    parentSpanId: "00f067aa0ba902b7",
    name: "attempt",
    kind: 1,
    statusCode: 2,
    statusMessage: "the provider answered 500",
    attributes: { "error.type": "500" },
  },
  { traceId: traces[1], spanId: "b7ad6b7169203331", name: "embeddings text-embedding-3-small" },
  ...plainSpans,
];
