import { describe, expect, it } from "vitest";
import type { AnswerRow } from "../../store/store.ts";
import { mondayMs } from "./batches.ts";
import { factAt } from "./feedback.ts";
import type { OpenedStore } from "./open-engine.ts";

/** What every store must do for those who judge calls after them. */
export const describeFeedback = (opened: () => OpenedStore): void => {
  const asked = (where: Readonly<Record<string, string>> = {}): Promise<readonly AnswerRow[]> =>
    opened().store.ask("feedback", { fromMs: mondayMs, toMs: mondayMs + 3_600_000, stepSeconds: 3_600, where });

  const rowOf = (row: Readonly<Record<string, unknown>>): unknown => ({ time: "2026-01-05T00:00:00Z", ...row });

  describe("outcomes and scores of calls", () => {
    it("hold with the latest of one call, name and source, in whatever order they come", async () => {
      const { store } = opened();
      await store.saveFeedback([factAt(3, { value: -1, label: "down" }), factAt(5, { source: "judge", value: 0.5 })]);
      await store.saveFeedback([{ ...factAt(1), offset: 9 }, factAt(4, { callId: "f".repeat(16), value: 0.25 })]);
      expect(await asked()).toEqual([
        rowOf({ name: "thumbs", source: "judge", facts: "1", mean_score: 0.5, bad: "0", bad_ratio: 0 }),
        rowOf({ name: "thumbs", source: "user", facts: "2", mean_score: -0.375, bad: "1", bad_ratio: 0.5 }),
      ]);
    });

    it("said in one moment hold with the one that came later on the bus", async () => {
      await opened().store.saveFeedback([
        { ...factAt(0, { value: 0 }), offset: 7 },
        { ...factAt(0, { value: 3 }), offset: 8 },
      ]);
      expect(await asked()).toMatchObject([{ facts: "1", mean_score: 3 }]);
    });

    it("are there once, however often they are saved, with the time of the first", async () => {
      const { store } = opened();
      await store.saveFeedback([factAt(0), factAt(1, { name: "other" })]);
      const times = "SELECT name, min(ingested_at) AS at FROM feedback GROUP BY name ORDER BY name";
      const before = await store.query(times);
      await store.saveFeedback([factAt(0)]);
      await store.saveFeedback([]);
      expect(await store.query(times)).toEqual(before);
      await opened().command("OPTIMIZE TABLE feedback FINAL");
      expect(await store.query("SELECT count() AS n FROM feedback")).toEqual([{ n: "2" }]);
      expect(await store.query(times)).toEqual(before);
    });

    it("are bad with a value of 0 or less, or by their label", async () => {
      const calls = [
        { value: 0 },
        { value: -2 },
        { value: 0.01 },
        { value: 5, label: "BAD" },
        { value: 5, label: "negative" },
        { value: 1, label: "good" },
      ];
      await opened().store.saveFeedback(calls.map((more, at) => factAt(at, { callId: `${at}`.repeat(16), ...more })));
      expect(await asked()).toMatchObject([{ facts: "6", bad: "4" }]);
    });

    it("of a trace are one fact for all of it, and are found by name and source", async () => {
      const { store } = opened();
      const trace = { callId: undefined, traceId: "e".repeat(32) };
      await store.saveFeedback([factAt(0, trace), factAt(1, { ...trace, value: 0, name: "it's\n" })]);
      expect(await asked({ name: "it's\n", source: "user" })).toMatchObject([{ facts: "1", bad: "1" }]);
      expect(await asked({ source: "judge" })).toEqual([]);
    });
  });
};
