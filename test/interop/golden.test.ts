import { describe, expect, test } from "vitest";
import { collectorVersion } from "../servers/collector-recipe.ts";
import { kafkaVersions } from "../servers/kafka-versions.ts";
import { checkRun } from "./check-run.ts";
import { readGolden } from "./golden.ts";
import { sentSpans } from "./sent-spans.ts";

describe("the recorded run with a real Collector", () => {
  const golden = readGolden();

  test("was made with the releases that are built and started today", () => {
    expect([golden.collector, golden.kafka]).toEqual([collectorVersion, kafkaVersions.current]);
  });

  test("has records that are decoded to what was sent, both ways and in both encodings", () => {
    const spans = checkRun(golden).map((compared) => [compared.what, compared.spans]);
    expect(spans).toEqual([
      ["otlp_proto, written by the Collector", sentSpans.length],
      ["otlp_json, written by the Collector", sentSpans.length],
      ["otlp_proto, written by Plumbline", 6],
      ["otlp_json, written by Plumbline", sentSpans.length],
    ]);
  });

  test("would fail with a byte changed", () => {
    const [first, ...rest] = golden.written;
    const value = Buffer.from(first?.value ?? "", "base64");
    value.set([(value.at(-1) ?? 0) ^ 1], value.length - 1);
    const changed = {
      ...golden,
      written: first === undefined ? [] : [{ ...first, value: value.toString("base64") }, ...rest],
    };
    expect(() => checkRun(changed)).toThrow();
  });
});
