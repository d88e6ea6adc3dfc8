import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { progressLine } from "../../../app/progress.ts";
import { emptyLedger, enter } from "../../../app/replay/ledger.ts";
import { countRecorded, readRecording } from "../../../app/replay/read-recording.ts";
import type { RecordedCall } from "../../../app/replay/recorded-call.ts";
import { parseRecordedCall } from "../../../app/replay/recorded-call.ts";
import { replay } from "../../../app/replay/replay.ts";
import type { SendResult } from "../../../app/replay/send-call.ts";
import type { Clock } from "../../../core/clock.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plumbline-replay-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const line = (members: object = {}): string =>
  JSON.stringify({ query: "q", answer: "a", model: "m", latency_s: 1.5, ...members });

const linesOf = async (file: string): Promise<readonly RecordedCall[]> => {
  const calls: RecordedCall[] = [];
  for await (const call of readRecording(file)) {
    calls.push(call);
  }
  return calls;
};

describe("a recording", () => {
  test("is read from plain and gzip files, with or without a last newline, blank lines left out", async () => {
    const text = `${line({ model: "one" })}\n\n${line({ model: "two" })}`;
    writeFileSync(join(dir, "a.jsonl"), `${text}\n`);
    writeFileSync(join(dir, "b.jsonl.gz"), gzipSync(text));
    const files = [join(dir, "a.jsonl"), join(dir, "b.jsonl.gz")];
    expect(await countRecorded(files)).toBe(4);
    for (const file of files) {
      expect((await linesOf(file)).map(({ model }) => model)).toEqual(["one", "two"]);
    }
  });

  test("with bad lines is refused before anything is sent, every bad line named", async () => {
    const file = join(dir, "bad.jsonl");
    writeFileSync(file, [line(), "{", line({ latency_s: -1 }), line({ query: 7 })].join("\n"));
    await expect(countRecorded([file])).rejects.toMatchObject({
      code: "replay.bad_line",
      message: expect.stringMatching(/bad\.jsonl:2: not JSON\n.*:3: latency_s: .*\n.*:4: query: /),
    });
  });

  test("that is absent, or no gzip, is an error with a code", async () => {
    writeFileSync(join(dir, "c.jsonl.gz"), "plain");
    await expect(countRecorded([join(dir, "none.jsonl")])).rejects.toMatchObject({ code: "replay.bad_line" });
    await expect(countRecorded([join(dir, "c.jsonl.gz")])).rejects.toMatchObject({ code: "replay.bad_line" });
  });

  test.each([
    {
      name: "LLMDrift's answer_tokens are output tokens",
      members: { answer_tokens: 9 },
      recording: { output_tokens: 9 },
    },
    {
      name: "output_tokens win over answer_tokens",
      members: { answer_tokens: 9, output_tokens: 8 },
      recording: { output_tokens: 8 },
    },
    { name: "nulls count as absent", members: { input_tokens: null, ttft_s: null, time: null }, recording: {} },
  ])("$name", ({ members, recording }) => {
    expect(parseRecordedCall(line(members))).toEqual({
      ok: true,
      call: { query: "q", model: "m", atMs: null, recording: { answer: "a", latency_s: 1.5, ...recording } },
    });
  });

  test.each([
    { time: 1_700_000_000.5, atMs: 1_700_000_000_500 },
    { time: "2023-11-14T22:13:20.500Z", atMs: 1_700_000_000_500 },
  ])("a time of $time is $atMs ms", ({ time, atMs }) => {
    expect(parseRecordedCall(line({ time }))).toMatchObject({ ok: true, call: { atMs } });
  });
});

describe("replay", () => {
  const call = (atMs: number | null): RecordedCall => ({
    query: "q",
    model: "m",
    atMs,
    recording: { answer: "a", latency_s: 1 },
  });
  const progress = { update: () => {}, finish: () => {} };
  const answered: SendResult = { ok: true, inputTokens: 2, outputTokens: 3 };

  /** A clock that jumps to the end of every sleep at once and notes how long each was. */
  const jumpingClock = (): Clock & { readonly sleeps: number[] } => {
    let nowMs = 0;
    const sleeps: number[] = [];
    return {
      sleeps,
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      sleep: (ms) => {
        sleeps.push(ms);
        nowMs += ms;
        return Promise.resolve();
      },
    };
  };

  async function* from(calls: readonly RecordedCall[]): AsyncGenerator<RecordedCall> {
    yield* calls;
  }

  test("timed calls keep their distances divided by the speed", async () => {
    const clock = jumpingClock();
    const calls = from([call(5_000), call(6_000), call(6_000), call(9_000)]);
    const send = () => Promise.resolve(answered);
    const signal = new AbortController().signal;
    const ledger = await replay({ calls, send, speed: 10, concurrency: 4, clock, progress, signal });
    expect(clock.sleeps).toEqual([100, 300]);
    expect(ledger).toEqual({ sent: 4, answered: 4, failed: 0, inputTokens: 8, outputTokens: 12, failures: {} });
  });

  test("no more calls are under way than allowed, and every call is accounted for", async () => {
    let underWay = 0;
    let most = 0;
    const send = async (): Promise<SendResult> => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      return answered;
    };
    const calls = from(Array.from({ length: 50 }, () => call(null)));
    const signal = new AbortController().signal;
    const ledger = await replay({ calls, send, speed: 1, concurrency: 3, clock: jumpingClock(), progress, signal });
    expect([ledger.sent, most]).toEqual([50, 3]);
  });

  test("an abort starts no further call", async () => {
    const stop = new AbortController();
    const send = (): Promise<SendResult> => {
      stop.abort();
      return Promise.resolve(answered);
    };
    const calls = from([call(null), call(null), call(null)]);
    const ledger = await replay({
      calls,
      send,
      speed: 1,
      concurrency: 1,
      clock: jumpingClock(),
      progress,
      signal: stop.signal,
    });
    expect(ledger.sent).toBe(1);
  });
});

describe("the ledger", () => {
  test("adds answers and counts failures by reason", () => {
    const results: readonly SendResult[] = [
      { ok: true, inputTokens: 1, outputTokens: 2 },
      { ok: false, reason: "HTTP 502" },
      { ok: false, reason: "HTTP 502" },
    ];
    expect(results.reduce(enter, emptyLedger)).toEqual({
      sent: 3,
      answered: 1,
      failed: 2,
      inputTokens: 1,
      outputTokens: 2,
      failures: { "HTTP 502": 2 },
    });
  });
});

describe("progressLine", () => {
  test("shows share, count and the time left by the pace so far", () => {
    expect(progressLine({ done: 1_000, total: 4_000, elapsedMs: 10_000, note: "0 failed" })).toMatch(
      /^█{7}░{21} {2}25% {2}1000\/4000 {2}30 s left {2}0 failed$/,
    );
  });

  test("an empty recording is complete", () => {
    expect(progressLine({ done: 0, total: 0, elapsedMs: 0, note: "" })).toContain("100%");
  });
});
