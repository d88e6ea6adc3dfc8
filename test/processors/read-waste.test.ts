import { expect, test } from "vitest";
import { readWaste } from "../../processors/read-waste.ts";

const read = (text: string): unknown => readWaste(new Map([["plumbline.waste", text]]));

test("what lost attempts used is read as the gateway writes it", () => {
  const lost = { provider: "up", model: "m", inputTokens: 3, outputTokens: 0 };
  expect(read(JSON.stringify([lost]))).toEqual([lost]);
  expect(read("[]")).toEqual([]);
});

test.each([
  ["no JSON", "["],
  ["no list", "{}"],
  ["negative", '[{"provider":"a","model":"b","inputTokens":-1,"outputTokens":0}]'],
  ["empty", ""],
])("what is %s is not known", (_name, text) => {
  expect(read(text)).toBeNull();
});
