import { expect, test } from "vitest";
import type { Clock } from "../../core/clock.ts";
import type { Ask } from "../../dashboards/console/answers.ts";
import { boundAsk } from "../../dashboards/console/answers.ts";

const parameters = { fromMs: 0, toMs: 1, stepSeconds: 60, where: {} };

/** A clock whose sleeps end when the test says so. */
const heldClock = (): { readonly clock: Clock; readonly expire: () => void } => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { clock: { nowMs: () => 0, monotonicMs: () => 0, sleep: () => promise }, expire: resolve };
};

const bound = (ask: Ask, clock: Clock): Ask => boundAsk({ ask, clock, deadlineMs: 2000, maxUnderWay: 2 });

test("an answer passes through", async () => {
  const { clock } = heldClock();
  expect(await bound(async () => [{ calls: "1" }], clock)("totals", parameters)).toEqual([{ calls: "1" }]);
});

test("a failure passes through", async () => {
  const { clock } = heldClock();
  const ask = bound(() => Promise.reject(new Error("no")), clock);
  await expect(ask("totals", parameters)).rejects.toThrow("no");
});

test("a question that takes too long ends in store.unavailable", async () => {
  const { clock, expire } = heldClock();
  const asked = bound(() => new Promise(() => {}), clock)("totals", parameters);
  expire();
  await expect(asked).rejects.toMatchObject({
    code: "store.unavailable",
    message: "The store did not answer within 2 s.",
  });
});

test("a store that hangs gets no more than so many questions, and gets them again when it answers", async () => {
  const { clock } = heldClock();
  const gate = Promise.withResolvers<readonly []>();
  const ask = bound(() => gate.promise, clock);
  const held = [ask("totals", parameters), ask("calls", parameters)];
  await expect(ask("cost", parameters)).rejects.toMatchObject({ code: "store.unavailable" });
  gate.resolve([]);
  await Promise.all(held);
  expect(await ask("cost", parameters)).toEqual([]);
});
