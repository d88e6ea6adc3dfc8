import { expect, test } from "vitest";
import { logEnd } from "./log-end.ts";

test("the end of a log shows its errors, however much was written after them", () => {
  const after = Array.from({ length: 40 }, (_, index) => `[main] INFO closing part ${index}`);
  const log = ["[main] INFO start", "[main] ERROR cannot listen", "Caused by: address in use", ...after, ""].join("\n");
  expect(logEnd(log).split("\n")).toEqual([
    "[main] ERROR cannot listen",
    "Caused by: address in use",
    ...after.slice(25),
  ]);
});
