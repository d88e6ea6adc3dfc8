import { describe, expect, it } from "vitest";
import { mondayMs } from "./batches.ts";
import { eventsAt } from "./events.ts";
import type { OpenedStore } from "./open-engine.ts";

const step = eventsAt(mondayMs);

/** What every store must do for a role that acts. */
export const describeEvents = (opened: () => OpenedStore): void => {
  describe("what a role did", () => {
    it("is there once, however often its step is saved", async () => {
      await opened().store.saveEvents(step);
      await opened().store.saveEvents(step);
      await opened().store.saveEvents({ token: "rules:2" });
      expect(await opened().store.query("SELECT rule, labels, annotations, state, value FROM alerts")).toEqual([
        {
          rule: "TtftHigh",
          labels: { alertname: "TtftHigh", route: "chat" },
          annotations: { summary: "It's slow: 3 s\n" },
          state: "firing",
          value: 3.2,
        },
      ]);
      expect(
        await opened().store.query("SELECT toUnixTimestamp64Milli(at) AS at, evidence_id, obstacle FROM verdicts"),
      ).toEqual([{ at: String(mondayMs + 2), evidence_id: null, obstacle: "telemetry is stale" }]);
      expect(await opened().store.query("SELECT share, log_evidence, needed_calls, says FROM canaries")).toEqual([
        { share: 0.05, log_evidence: -0.5, needed_calls: null, says: "errors: 3 of 120 against 23 of 2,280" },
      ]);
      expect(await opened().store.query("SELECT receiver, state, tries FROM notifications")).toEqual([
        { receiver: "oncall", state: "sent", tries: 2 },
      ]);
    });
  });

  describe("what a role remembers", () => {
    it("is what it saved last under each key, and of its own only", async () => {
      const { store } = opened();
      await store.saveStates("canary", [
        { key: "a", sequence: 1, state: '{"looks":1}' },
        { key: "b", sequence: 1, state: '{"looks":1}' },
      ]);
      await store.saveStates("canary", [{ key: "a", sequence: 3, state: '{"looks":3}' }]);
      await store.saveStates("canary", [{ key: "a", sequence: 2, state: '{"looks":2}' }]);
      await store.saveStates("rules", [{ key: "a", sequence: 7, state: "{}" }]);
      await store.saveStates("rules", []);
      expect(await store.readStates("canary")).toEqual([
        { key: "a", sequence: 3, state: '{"looks":3}' },
        { key: "b", sequence: 1, state: '{"looks":1}' },
      ]);
    });

    it("forgets what it is told to forget, until it is saved anew", async () => {
      const { store } = opened();
      await store.saveStates("canary", [{ key: "a", sequence: 1, state: "{}" }]);
      await store.saveStates("canary", [{ key: "a", sequence: 2, state: "" }]);
      expect(await store.readStates("canary")).toEqual([]);
      await store.saveStates("canary", [{ key: "a", sequence: 3, state: "[]" }]);
      expect(await store.readStates("canary")).toEqual([{ key: "a", sequence: 3, state: "[]" }]);
    });
  });
};
