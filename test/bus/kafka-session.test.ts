import { describe, expect, test } from "vitest";
import type { Fetched, IncomingRecord } from "../../bus/kafka-driver.ts";
import type { KafkaSessionDeps } from "../../bus/kafka-session.ts";
import { KafkaSession } from "../../bus/kafka-session.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { numbers } from "./contract-messages.ts";

const recordAt = (offset: number): IncomingRecord => ({
  offset,
  key: null,
  value: new Uint8Array(10),
  headers: {},
  appendedAtMs: 0,
});

const fetched = (fetchedFrom: number, offsets: readonly number[], next: number): Fetched => ({
  partition: 0,
  fetchedFrom,
  records: offsets.map(recordAt),
  next,
});

const all = { maxRecords: 100, maxBytes: 10_000, waitMs: 0 };

const openSession = (
  deps: Partial<KafkaSessionDeps> = {},
): { readonly session: KafkaSession; readonly calls: readonly string[] } => {
  const calls: string[] = [];
  const session = new KafkaSession(
    {
      topic: "t",
      partition: 0,
      clock: virtualClock(),
      fetchBytes: 100,
      setPaused: (isPaused) => calls.push(isPaused ? "pause" : "resume"),
      seek: (offset) => calls.push(`seek ${offset}`),
      commit: async () => "committed",
      nextDistribution: () => Promise.resolve(),
      bounds: async () => ({ low: 0, high: 0 }),
      ...deps,
    },
    { offset: 10, metadata: "" },
  );
  return { session, calls };
};

describe("a session on Kafka", () => {
  test("leaves no hole when a fetch that began before a seek comes back behind it", async () => {
    const { session, calls } = openSession();
    session.feed(fetched(10, [10, 11], 12));
    expect((await session.read({ ...all, from: 10 })).records.map(({ offset }) => offset)).toEqual([10, 11]);
    const reading = session.read({ ...all, from: 10, waitMs: 1_000 });
    session.feed(fetched(12, [12, 13], 14));
    session.feed(fetched(10, [10, 11, 12], 13));
    expect((await reading).records.map(({ offset }) => offset)).toEqual([10, 11, 12]);
    expect(calls).toEqual(["seek 10", "seek 10"]);
  });

  test("passes by offsets that hold no records, at the end and within a planned range", async () => {
    const { session } = openSession();
    session.feed(fetched(10, [10, 12], 15));
    expect(await session.read({ ...all, from: 10, until: 12 })).toEqual({ records: [recordAt(10)], next: 12 });
    expect(await session.read({ ...all, from: 12, until: 14 })).toEqual({ records: [recordAt(12)], next: 14 });
    expect(await session.read({ ...all, from: 14 })).toEqual({ records: [], next: 15 });
    session.feed(fetched(15, [], 17));
    expect(await session.read({ ...all, from: 15 })).toEqual({ records: [], next: 17 });
  });

  test("finds records that come while it asks whether there are any", async () => {
    const { session } = openSession({
      bounds: async () => {
        session.feed(fetched(10, [10], 11));
        return { low: 0, high: 11 };
      },
    });
    expect((await session.read({ ...all, from: 10 })).records).toEqual([recordAt(10)]);
  });

  test("goes on at the first record that is left when retention has overtaken it", async () => {
    const { session, calls } = openSession({ bounds: async () => ({ low: 15, high: 20 }) });
    expect(await session.read({ ...all, from: 10, until: 12 })).toEqual({ records: [], next: 12 });
    expect(await session.read({ ...all, from: 12 })).toEqual({ records: [], next: 15 });
    session.feed(fetched(15, [15], 16));
    expect((await session.read({ ...all, from: 15 })).records).toEqual([recordAt(15)]);
    expect(calls).toEqual(["seek 15", "seek 12", "seek 15"]);
  });

  test("takes nothing twice that is fetched again after a new distribution", async () => {
    const { session } = openSession();
    session.feed(fetched(10, [10, 11, 12], 13));
    session.feed(fetched(11, [11, 12, 13], 14));
    const { records } = await session.read({ ...all, from: 10 });
    expect(records.map(({ offset }) => offset)).toEqual([10, 11, 12, 13]);
  });

  test("stops fetching while its reader is behind, and goes on when it has read", async () => {
    const { session, calls } = openSession();
    session.feed(
      fetched(
        10,
        numbers(12).map((index) => 10 + index),
        22,
      ),
    );
    expect(calls).toEqual(["pause"]);
    await session.read({ ...all, from: 10, maxRecords: 5 });
    expect(calls).toEqual(["pause", "resume"]);
  });

  test("commits again after a distribution that left it the partition", async () => {
    const outcomes = ["rebalancing", "rebalancing", "committed"] as const;
    let commits = 0;
    const { session } = openSession({
      commit: async () => {
        commits += 1;
        return outcomes[commits - 1] ?? "committed";
      },
    });
    await session.commit({ offset: 11, metadata: "" });
    expect(commits).toBe(3);
  });

  test("may commit after it was asked to finish, and not after it was fenced", async () => {
    let commits = 0;
    const { session } = openSession({
      commit: async () => {
        commits += 1;
        return "committed";
      },
    });
    session.revoke();
    await session.commit({ offset: 11, metadata: "" });
    session.fence();
    await expect(session.commit({ offset: 12, metadata: "" })).rejects.toMatchObject({ code: "bus.fenced" });
    expect({ commits, isAborted: session.signal.aborted }).toEqual({ commits: 1, isAborted: true });
  });
});
