import { expect, test } from "vitest";
import { z } from "zod";
import { configPage, settingsOf } from "../../docs/pages/config-page.ts";

const target = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("http"), url: z.string().min(1).describe("Address.") }),
  z.strictObject({ kind: z.literal("simulated"), seed: z.int().positive().default(1).describe("Seed.") }),
]);
const schema = z.strictObject({
  data: z.strictObject({ dir: z.string().default("data").describe("Folder.") }).prefault({}),
  targets: z.record(z.string(), target).default({}).describe("Where calls go."),
  models: z.array(z.string()).default(["a|b"]).describe("Names."),
  mode: z.enum(["fast", "safe"]).default("safe").describe("How."),
});

test("every setting is listed with type, default and bounds, those of each variant once", () => {
  expect(settingsOf(schema).map(({ path, type, fallback, bounds }) => [path, type, fallback, bounds])).toEqual([
    ["data.dir", "text", '"data"', ""],
    ["targets", "object", "", ""],
    ["targets.<name>.kind", "`http`, `simulated`", "", ""],
    ["targets.<name>.url", "text", "", "length ≥ 1"],
    ["targets.<name>.seed", "integer", "1", "> 0"],
    ["models", "list", '["a|b"]', ""],
    ["mode", "`fast`, `safe`", '"safe"', ""],
  ]);
});

test("a pipe in a value does not break the table", () => {
  expect(configPage(schema)).toContain('| `models` | list | `["a\\|b"]` |  | Names. |');
});

test("a setting that contains itself is listed once at each place", () => {
  const route = z.strictObject({
    name: z.string().describe("Name."),
    get routes() {
      return z.array(route).default([]).describe("Below it.");
    },
  });
  expect(
    settingsOf(z.strictObject({ route, other: z.array(route).describe("More.") })).map(({ path }) => path),
  ).toEqual(["route.name", "route.routes", "other", "other[].name", "other[].routes"]);
});
