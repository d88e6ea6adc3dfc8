import { expect, test } from "vitest";
import { nextTry } from "../../../alerts/delivery/waiting.ts";
import { notificationOf } from "./notifications.ts";

const waiting = (groupKey: string, notBeforeMs: number) => ({
  notification: notificationOf({ groupKey }),
  tries: 0,
  notBeforeMs,
  says: "",
});
const [a, a2, b, c] = [waiting("a", 50), waiting("a", 0), waiting("b", 10), waiting("c", 20)];

test.each([
  { name: "nothing waits", all: [], nowMs: 0, expected: { kind: "wait", untilMs: null } },
  { name: "all have to wait: the earliest time", all: [a, b, c], nowMs: 9, expected: { kind: "wait", untilMs: 10 } },
  { name: "a later one that may be tried goes past", all: [a, b, c], nowMs: 20, expected: { kind: "try", waiting: b } },
  { name: "but none of the same group", all: [a, a2], nowMs: 20, expected: { kind: "wait", untilMs: 50 } },
  { name: "what may be tried for longest", all: [a, b, c], nowMs: 50, expected: { kind: "try", waiting: b } },
  { name: "of equals the older", all: [a2, waiting("b", 0)], nowMs: 50, expected: { kind: "try", waiting: a2 } },
])("$name", ({ all, nowMs, expected }) => {
  expect(nextTry(all, nowMs)).toEqual(expected);
});
