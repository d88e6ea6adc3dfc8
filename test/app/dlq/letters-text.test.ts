import { describe, expect, test } from "vitest";
import { lettersJson } from "../../../app/dlq/letters-json.ts";
import { lettersText } from "../../../app/dlq/letters-text.ts";
import type { ListedLetter } from "../../../app/dlq/list-letters.ts";
import { redriveJson, redriveText } from "../../../app/dlq/redrive-report.ts";

const letter = (fields: Partial<ListedLetter> = {}): ListedLetter => ({
  id: "0:7",
  atMs: Date.UTC(2026, 0, 5, 6, 7, 8, 9),
  code: "span.undecodable",
  reason: "not an OTLP trace request",
  version: "1.2.3",
  origin: { topic: "otlp_spans", partition: 2, offset: 41, tries: 3 },
  bytes: 123,
  contentType: null,
  keptBytes: 123,
  redrivenAtMs: null,
  ...fields,
});

const nameless = letter({ id: "1:0", code: "", reason: "", version: "", origin: null });
const cut = letter({ id: "1:1", keptBytes: 100, bytes: 1_000_000, redrivenAtMs: Date.UTC(2026, 0, 6) });

describe("the list of dead letters", () => {
  test("is a table whose columns are aligned, and says how many letters it does not show", () => {
    expect(lettersText({ letters: [letter(), nameless, cut], scope: "", redriven: 2 })).toBe(
      `id   written               code              tries  origin           version           bytes  reason
0:7  2026-01-05 06:07:08Z  span.undecodable      3  otlp_spans:2:41  1.2.3               123  not an OTLP trace request
1:0  2026-01-05 06:07:08Z  -                     -  -                -                   123  -
1:1  2026-01-05 06:07:08Z  span.undecodable      3  otlp_spans:2:41  1.2.3    100 of 1000000  [sent again 2026-01-06 00:00:00Z] not an OTLP trace request

3 dead letters (2 more sent again already: --redriven shows them)
`,
    );
  });

  test("says when it is empty, and what it was asked for", () => {
    expect(lettersText({ letters: [], scope: " of the last 24h", redriven: 0 })).toBe(
      "no dead letters of the last 24h\n",
    );
    expect(lettersText({ letters: [], scope: "", redriven: 1 })).toBe(
      "no dead letters (1 more sent again already: --redriven shows them)\n",
    );
  });

  test("lets no text of a letter steer the terminal, and cuts long ones", () => {
    const text = lettersText({
      letters: [letter({ reason: `\u001b[2J\r\n\u202e${"x".repeat(500)}`, code: "a\u0000b" })],
      scope: "",
      redriven: 0,
    });
    expect(text).toContain("a\uFFFDb");
    expect(text).toContain(`\uFFFD[2J\uFFFD\uFFFD\uFFFD${"x".repeat(112)}…\n`);
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test("as JSON has every text whole, and null for what a letter does not name", () => {
    expect(JSON.parse(lettersJson([nameless, cut]))).toEqual({
      letters: [
        {
          id: "1:0",
          writtenAt: "2026-01-05T06:07:08.009Z",
          code: null,
          reason: null,
          tries: null,
          topic: null,
          partition: null,
          offset: null,
          version: null,
          bytes: 123,
          keptBytes: 123,
          redrivenAt: null,
        },
        {
          id: "1:1",
          writtenAt: "2026-01-05T06:07:08.009Z",
          code: "span.undecodable",
          reason: "not an OTLP trace request",
          tries: 3,
          topic: "otlp_spans",
          partition: 2,
          offset: 41,
          version: "1.2.3",
          bytes: 1_000_000,
          keptBytes: 100,
          redrivenAt: "2026-01-06T00:00:00.000Z",
        },
      ],
    });
  });
});

describe("the report of a redrive", () => {
  const redrive = {
    outcomes: [
      { letter: letter(), reason: null },
      { letter: cut, reason: "it holds only the first 100 of 1000000 bytes" },
    ],
    total: 3,
    isDryRun: false,
  };

  test("tells what was sent, what was not and why, and what was not reached", () => {
    expect(redriveText(redrive)).toBe(
      `sent 1 of 3 dead letters again
  not 1:1: it holds only the first 100 of 1000000 bytes
  not reached: 1
what fails again is listed anew, with its tries counted
`,
    );
    expect(redriveText({ ...redrive, isDryRun: true })).toContain("would send 1 of 3");
    expect(redriveText({ outcomes: [], total: 0, isDryRun: false })).toBe("no dead letters to send again\n");
  });

  test("as JSON names each letter", () => {
    expect(JSON.parse(redriveJson(redrive))).toEqual({
      isDryRun: false,
      total: 3,
      sent: [{ id: "0:7", topic: "otlp_spans", partition: 2, offset: 41 }],
      notSent: [{ id: "1:1", reason: "it holds only the first 100 of 1000000 bytes" }],
    });
  });
});
