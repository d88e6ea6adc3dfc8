import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { z } from "zod";
import { redact } from "../../../gateway/redaction/redact.ts";
import { needsData } from "../../support/needs.ts";

const row = z.object({ text: z.string(), spans: z.array(z.object({ type: z.string(), value: z.string() })) });

/** Kinds that are looked for, and the least share of their values that must be gone, in percent. */
const floors = {
  CREDIT_CARD: 95,
  EMAIL_ADDRESS: 100,
  IBAN_CODE: 100,
  IP_ADDRESS: 100,
  PHONE_NUMBER: 95,
  US_SSN: 100,
} as const;

test("values of a public synthetic set are recognised, and texts without any are left alone", (context) => {
  const path = needsData(context, "pii/presidio_synth_v2.jsonl.gz");
  const lines = gunzipSync(readFileSync(path)).toString("utf8").trim().split("\n");
  const rows = lines.map((line) => row.parse(JSON.parse(line)));
  for (const [kind, floor] of Object.entries(floors)) {
    const values = rows.flatMap(({ text, spans }) =>
      spans.filter(({ type }) => type === kind).map(({ value }) => ({ value, clean: redact(text) })),
    );
    const gone = values.filter(({ value, clean }) => !clean.includes(value));
    expect(values.length, kind).toBeGreaterThan(0);
    expect((100 * gone.length) / values.length, kind).toBeGreaterThanOrEqual(floor);
  }
  const others = rows.filter(({ spans }) => !spans.some(({ type }) => Object.hasOwn(floors, type)));
  expect(others.filter(({ text }) => redact(text) !== text).length / others.length).toBeLessThan(0.01);
});
