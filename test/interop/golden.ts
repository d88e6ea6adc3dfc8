import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

const golden = z.strictObject({
  collector: z.string(),
  kafka: z.string(),
  /** Records as the Collector wrote them, values as base64. */
  written: z.array(
    z.strictObject({
      encoding: z.enum(["otlp_proto", "otlp_json"]),
      key: z.string(),
      partition: z.int(),
      partitions: z.int(),
      value: z.base64(),
    }),
  ),
  /** Records as we wrote them, values as base64, and what the Collector made of them all, as the OTLP/JSON of its file exporter. */
  received: z.array(
    z.strictObject({
      encoding: z.enum(["otlp_proto", "otlp_json"]),
      sent: z.array(z.base64()),
      lines: z.array(z.string()),
    }),
  ),
});

/** The bytes that a Collector and we wrote and read in one run. */
export type Golden = z.infer<typeof golden>;

const file = new URL("golden.json", import.meta.url);

/** The bytes of the recorded run. */
export const readGolden = (): Golden => golden.parse(JSON.parse(readFileSync(file, "utf8")));

/** Replaces the recorded run. */
export const writeGolden = (run: Golden): void => writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`);
