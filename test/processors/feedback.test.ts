import { describe, expect, it } from "vitest";
import type { Feedback } from "../../core/feedback.ts";
import { feedback } from "../../core/feedback.ts";
import { deadLetterHeaders, topics } from "../../core/topics.ts";
import { readJson } from "../../processors/read-json.ts";
import { feedbackGroup } from "../../processors/start-feedback.ts";
import { factAt } from "../store/feedback.ts";
import { setUpLine } from "./set-up-line.ts";

const { bus, store, start } = setUpLine();

const publish = async (value: unknown, headers: Readonly<Record<string, string>> = {}): Promise<void> => {
  await bus().publish({ topic: topics.feedback, key: "call", value: Buffer.from(JSON.stringify(value)), headers });
};

const fact = (at: number, more: Partial<Feedback> = {}): Feedback => factAt(at, more).feedback;

const facts = (): Promise<readonly unknown[]> =>
  store().store.query("SELECT name, value, label, source_offset FROM feedback ORDER BY source_offset");

describe("outcomes and scores of calls", () => {
  it("are saved under a group of their own, and a drain waits for them", async () => {
    await publish(fact(0));
    const processors = start();
    await publish(fact(1, { name: "faithfulness", value: 0.5, label: "weak" }));
    expect(await processors.drain(10_000)).toBe(true);
    expect(await facts()).toEqual([
      { name: "thumbs", value: 1, label: "", source_offset: "0" },
      { name: "faithfulness", value: 0.5, label: "weak", source_offset: "1" },
    ]);
    const group = feedbackGroup({ group: "processors" });
    expect(await bus().progress(topics.feedback, group)).toEqual([{ partition: 0, committed: 2, end: 2 }]);
  });

  it("that cannot be used become dead letters with the reason, and hold nothing up", async () => {
    await publish({ ...fact(0), value: "good" });
    await publish({ ...fact(0), callId: undefined });
    await publish({ ...fact(0), traceId: "not a trace" });
    await publish(fact(3));
    expect(await start().drain(10_000)).toBe(true);
    expect(await facts()).toMatchObject([{ source_offset: "3" }]);
    const letters = bus().recordsOf(topics.deadLetters);
    expect(letters.map(({ headers }) => headers[deadLetterHeaders.code])).toEqual(Array(3).fill("feedback.unreadable"));
    expect(letters.map(({ headers }) => headers[deadLetterHeaders.reason])).toEqual([
      expect.stringMatching(/^value: /),
      expect.stringContaining("expected a `callId` or a `traceId`"),
      "traceId: expected 32 hex characters",
    ]);
  });

  it("that were sent again keep the place where they were first read", async () => {
    await publish(fact(0), {
      [deadLetterHeaders.topic]: topics.feedback,
      [deadLetterHeaders.partition]: "0",
      [deadLetterHeaders.offset]: "77",
    });
    expect(await start().drain(10_000)).toBe(true);
    expect(await facts()).toMatchObject([{ source_offset: "77" }]);
  });

  it("may name their call in capitals, and have members of later versions", () => {
    const written = { ...fact(0), callId: "ABCDEF0123456789", later: true };
    expect(readJson(feedback, Buffer.from(JSON.stringify(written)))).toEqual({
      kind: "read",
      value: fact(0, { callId: "abcdef0123456789" }),
    });
  });
});
