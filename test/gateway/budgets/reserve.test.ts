import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BudgetTable } from "../../../gateway/budgets/budget-table.ts";
import { maxAccounts } from "../../../gateway/budgets/budget-table.ts";
import type { Reservation } from "../../../gateway/budgets/reserve.ts";
import { release, reserve, retry, settle } from "../../../gateway/budgets/reserve.ts";
import { dollar, subject, tableOf } from "./table-of.ts";

const startMs = Date.UTC(2026, 10, 21, 12, 0, 0);
const hourMs = 3_600_000;

const counters = (table: BudgetTable) => [...table.accounts.values()].flat();

const request = (nanos: number, tokens = 0, subjects = [subject("team", "a")]) => ({
  subjects,
  worst: { nanos, tokens },
});

/** Steps of a few parallel calls: each reserves, then ends in some way at some time. */
const steps = fc.array(
  fc.record({
    who: fc.constantFrom("a", "b"),
    user: fc.constantFrom("u", "v"),
    nanos: fc.integer({ min: 0, max: dollar }),
    tokens: fc.integer({ min: 0, max: 500 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    end: fc.constantFrom("settle", "release", "later"),
    waitMs: fc.integer({ min: 0, max: hourMs / 4 }),
  }),
  { maxLength: 60 },
);

type Step = typeof steps extends fc.Arbitrary<(infer T)[]> ? T : never;

/** Lets calls come and go, and looks at the table after each. */
const play = (table: BudgetTable, calls: readonly Step[], look: () => void): void => {
  const open: Reservation[] = [];
  let nowMs = startMs;
  for (const { who, user, nanos, tokens, part, end, waitMs } of calls) {
    nowMs += waitMs;
    const subjects = [subject("organisation", "o"), subject("team", who), subject("user", user)];
    const reserved = reserve(table, request(nanos, tokens, subjects), nowMs);
    if (reserved.ok) open.push(reserved.reservation);
    if (end !== "later") finish(open.shift(), end === "settle" ? part : null);
    look();
  }
  for (const each of open) settle(each, each.reserved);
};

/** Ends a call with a part of what it has reserved; null is one that was never sent. */
const finish = (reservation: Reservation | undefined, part: number | null): void => {
  if (reservation === undefined) return;
  if (part === null) release(reservation);
  else settle(reservation, { ...reservation.reserved, nanos: Math.floor(reservation.reserved.nanos * part) });
};

describe("reserving", () => {
  test("never lets what is spent and reserved pass a hard limit of any level or window, at any interleaving", () => {
    fc.assert(
      fc.property(steps, (calls) => {
        const table = tableOf([
          { level: "organisation", dollarsPerDay: 3, dollarsPerMonth: 4 },
          { level: "team", dollarsPerHour: 2, tokensPerMinute: 900 },
          { level: "user", dollarsPerHour: 1, requestsPerMinute: 3 },
        ]);
        play(table, calls, () => {
          for (const { rule, spent, reserved } of counters(table)) {
            expect(Math.min(spent, reserved)).toBeGreaterThanOrEqual(0);
            expect(spent + reserved).toBeLessThanOrEqual(rule.most);
          }
        });
        expect(counters(table).filter(({ reserved }) => reserved !== 0)).toEqual([]);
      }),
    );
  });

  test("that is refused takes nothing out of any budget", () => {
    const table = tableOf([
      { level: "team", dollarsPerDay: 9 },
      { level: "key", dollarsPerDay: 1 },
    ]);
    const subjects = [subject("team", "a"), subject("key", "k")];
    const refused = reserve(table, request(2 * dollar, 0, subjects), startMs);
    expect(refused).toMatchObject({ ok: false, by: { rule: { level: "key" } }, retryAfterMs: 12 * hourMs });
    expect(counters(table).map(({ spent, reserved }) => [spent, reserved])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test("and giving back leaves every budget as it was", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: dollar }), fc.integer({ min: 0, max: dollar }), (first, second) => {
        const table = tableOf([{ level: "team", dollarsPerHour: 2, tokensPerMinute: 9, requestsPerMinute: 2 }]);
        const kept = reserve(table, request(first), startMs);
        const before = structuredClone(counters(table));
        const taken = reserve(table, request(second, 3), startMs);
        expect([kept.ok, taken.ok]).toEqual([true, true]);
        if (taken.ok) {
          release(taken.reservation);
          release(taken.reservation);
        }
        expect(counters(table)).toEqual(before);
      }),
    );
  });

  test("begins anew in the next window, and a call of the last one does not count in it", () => {
    const table = tableOf([{ level: "team", dollarsPerHour: 1 }]);
    const first = reserve(table, request(dollar), startMs + hourMs - 1);
    expect(reserve(table, request(1), startMs + hourMs - 1).ok).toBe(false);
    const second = reserve(table, request(dollar), startMs + hourMs);
    expect([first.ok, second.ok]).toEqual([true, true]);
    if (first.ok) settle(first.reservation, { nanos: dollar, tokens: 0 });
    expect(counters(table)).toMatchObject([{ spent: 0, reserved: dollar }]);
  });

  test("by months ends with the calendar's", () => {
    const table = tableOf([{ level: "team", dollarsPerMonth: 1 }]);
    const refused = reserve(table, request(dollar + 1), startMs);
    expect(refused).toMatchObject({ ok: false, retryAfterMs: Date.UTC(2026, 11) - startMs });
  });

  test("under a soft limit lets calls pass, and says which limit they could pass", () => {
    const table = tableOf([{ level: "team", mode: "soft", dollarsPerHour: 1, dollarsPerDay: 5 }]);
    const reserved = reserve(table, request(2 * dollar), startMs);
    expect(reserved).toMatchObject({ ok: true, over: [{ rule: { window: "hour", isHard: false } }] });
  });

  test("takes a limit of its own name before that of the others, and a part of each for every replica", () => {
    const limits = [
      { level: "team", dollarsPerHour: 1 },
      { level: "team", name: "rich", dollarsPerHour: 9 },
    ];
    const most = (team: string) => {
      const table = tableOf(limits, 2);
      reserve(table, request(0, 0, [subject("team", team)]), startMs);
      return counters(table).map(({ rule }) => rule.most);
    };
    expect([most("rich"), most("poor")]).toEqual([[4.5 * dollar], [0.5 * dollar]]);
  });

  test("lets a call be tried again while its lost attempts and the next one's worst case fit", () => {
    const table = tableOf([{ level: "team", dollarsPerHour: 1, requestsPerMinute: 1 }]);
    const reserved = reserve(table, request(0.4 * dollar), startMs);
    if (!reserved.ok) throw new Error("refused");
    const lose = () => retry(reserved.reservation, { nanos: 0.3 * dollar, tokens: 0 });
    expect([lose(), lose(), lose(), lose()]).toEqual([true, true, false, false]);
    expect(counters(table)).toMatchObject([
      { rule: { unit: "requests" }, spent: 1, reserved: 0 },
      { rule: { unit: "nanos" }, spent: 0.9 * dollar, reserved: 0 },
    ]);
  });

  test("counts an overrun as it was, so that the next call meets it", () => {
    const table = tableOf([{ level: "team", dollarsPerHour: 1 }]);
    const reserved = reserve(table, request(dollar / 2), startMs);
    if (reserved.ok) settle(reserved.reservation, { nanos: 2 * dollar, tokens: 0 });
    expect(reserve(table, request(0), startMs).ok).toBe(false);
  });

  test("of more users than are counted apart is held to one limit of all that came later", () => {
    const table = tableOf([{ level: "user", requestsPerMinute: 1 }]);
    const ask = (user: string) => reserve(table, request(0, 0, [subject("user", user)]), startMs).ok;
    for (let index = 0; index < maxAccounts; index += 1) ask(`user ${index}`);
    expect([ask("late"), ask("later"), ask("user 5")]).toEqual([true, false, false]);
    expect(table.accounts.size).toBe(maxAccounts + 1);
  });
});
