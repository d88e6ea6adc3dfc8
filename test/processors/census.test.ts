import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CensusReport } from "../../core/census.ts";
import { censusReport } from "../../core/census.ts";
import { PlumblineError } from "../../core/errors.ts";
import { deadLetterHeaders, topics } from "../../core/topics.ts";
import { readJson } from "../../processors/read-json.ts";
import { censusGroup } from "../../processors/start-census.ts";
import type { Store } from "../../store/store.ts";
import { mondayMs } from "../store/batches.ts";
import { countOf, reportAt } from "../store/reports.ts";
import { setUpLine, until } from "./set-up-line.ts";

const { bus, store, start } = setUpLine();

const report = (finished: number, more: Partial<CensusReport> = {}): CensusReport =>
  reportAt(finished, { counts: [countOf(finished, { lastS: finished })], ...more }).report;

const publish = async (value: unknown, headers: Readonly<Record<string, string>> = {}): Promise<void> => {
  const bytes = value instanceof Uint8Array ? value : Buffer.from(JSON.stringify(value));
  await bus().publish({ topic: topics.census, key: "gateway-1", value: bytes, headers });
};

const finished = async (): Promise<string> => {
  const [row] = await store().store.query(
    "SELECT sum(finished) AS n FROM (SELECT max(finished) AS finished FROM gateway_census GROUP BY ALL)",
  );
  return String(row?.["n"]);
};

const told = async (): Promise<unknown> =>
  (await store().store.query("SELECT uniqExact(gateway_id, reported_at) AS n FROM gateway_reports"))[0]?.["n"];

const letters = () =>
  bus()
    .recordsOf(topics.deadLetters)
    .map(({ value, headers }) => ({
      text: Buffer.from(value).toString(),
      code: headers[deadLetterHeaders.code],
      reason: headers[deadLetterHeaders.reason],
      topic: headers[deadLetterHeaders.topic],
      tries: headers[deadLetterHeaders.tries],
    }));

/** The store, with another way to save reports. */
const saving = (saveReports: Store["saveReports"]): Store => ({ ...store().store, saveReports });

describe("reports of gateways", () => {
  it("are saved under a group of their own, and a drain waits for them", async () => {
    for (const count of [2, 5]) await publish(report(count));
    const processors = start();
    await publish(report(9));
    expect(await processors.drain(10_000)).toBe(true);
    expect(await finished()).toBe("9");
    expect(await told()).toBe("3");
    const group = censusGroup({ group: "processors" });
    expect(await bus().progress(topics.census, group)).toEqual([{ partition: 0, committed: 3, end: 3 }]);
  });

  it("that cannot be read become dead letters with the reason, and hold nothing up", async () => {
    await publish(report(1));
    await publish(Buffer.from([0xff, 0xfe]));
    await publish({ ...report(2), version: 2 });
    await publish({ ...report(2), counts: [{ ...countOf(2), minute: 61 }] });
    await publish(report(3));
    expect(await start().drain(10_000)).toBe(true);
    expect(await finished()).toBe("3");
    const letter = { code: "census.unreadable", topic: topics.census, tries: "1" };
    expect(letters()).toMatchObject([
      { ...letter, reason: expect.stringContaining("not valid") },
      { ...letter, reason: expect.stringMatching(/^version: /) },
      { ...letter, reason: expect.stringMatching(/^counts\.0\.minute: /) },
    ]);
  });

  it("that were sent again and fail again keep their origin, with the tries counted", async () => {
    const origin = {
      [deadLetterHeaders.topic]: topics.census,
      [deadLetterHeaders.partition]: "0",
      [deadLetterHeaders.offset]: "7",
      [deadLetterHeaders.tries]: "2",
    };
    await publish({ not: "a report" }, origin);
    await publish(report(4), origin);
    expect(await start().drain(10_000)).toBe(true);
    expect(await finished()).toBe("4");
    expect(letters()).toMatchObject([{ text: '{"not":"a report"}', tries: "3" }]);
    expect(bus().recordsOf(topics.deadLetters)[0]?.headers[deadLetterHeaders.offset]).toBe("7");
  });

  it("that the store refuses for good become dead letters alone", async () => {
    for (const count of [1, 2, 3]) await publish(report(count));
    const refusing = saving(async (received) => {
      if (received.some((each) => each.report.finished === 2)) {
        throw new PlumblineError("store.rejected", "two is refused");
      }
      await store().store.saveReports(received);
    });
    expect(await start({ store: refusing }).drain(10_000)).toBe(true);
    expect(await finished()).toBe("3");
    expect(letters()).toMatchObject([{ code: "store.rejected", reason: "two is refused" }]);
  });

  it("wait while the store is away, and are saved twice without harm when its answer was lost", async () => {
    await publish(report(6));
    let saves = 0;
    const fickle = saving(async (received) => {
      saves += 1;
      if (saves === 1) throw new PlumblineError("store.unavailable", "away");
      await store().store.saveReports(received);
      if (saves === 2) throw new PlumblineError("store.unavailable", "the answer was lost");
    });
    expect(await start({ store: fickle }).drain(10_000)).toBe(true);
    expect(saves).toBe(3);
    expect([await finished(), await told()]).toEqual(["6", "1"]);
    expect(letters()).toEqual([]);
  });

  it("left by a stop while the store is away are saved by the next processors", async () => {
    await publish(report(6));
    let saves = 0;
    const away = saving(async () => {
      saves += 1;
      throw new PlumblineError("store.unavailable", "away");
    });
    const first = start({ store: away });
    await until(() => saves > 1);
    await first.stop();
    expect(await start().drain(10_000)).toBe(true);
    expect(await finished()).toBe("6");
  });
});

describe("readJson", () => {
  it("reads what a gateway wrote, members of later versions included", () => {
    expect(readJson(censusReport, Buffer.from(JSON.stringify({ ...report(3), later: true })))).toEqual({
      kind: "read",
      value: report(3),
    });
    expect(report(3).reportedAtMs).toBe(mondayMs + 3_000);
  });

  it("says of anything else why it is none, and never throws", () => {
    const text = JSON.stringify(report(3));
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((json) => new Uint8Array(Buffer.from(json))),
      fc.nat(text.length - 1).map((end) => new Uint8Array(Buffer.from(text.slice(0, end)))),
    );
    fc.assert(
      fc.property(bytes, (value) => {
        const read = readJson(censusReport, value);
        expect(read.kind).toBe("unreadable");
        expect(read.kind === "unreadable" && read.reason.length).toBeGreaterThan(0);
      }),
    );
  });
});
