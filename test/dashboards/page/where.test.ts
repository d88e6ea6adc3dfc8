import { expect, test } from "vitest";
import { selectionInUrl, urlOf } from "../../../dashboards/console/page/selection.ts";
import { valuesOf, whereFor } from "../../../dashboards/console/page/where.ts";

const filters = [
  { dimension: "route", label: "Route", plural: "routes", question: "calls" },
  { dimension: "model", label: "Model", plural: "models", question: "models" },
] as const;

test("a selection that is written into a URL is read back from it, and the rest of the URL stays", () => {
  const url = new URL("http://localhost/?range=6h&model=a%20%26b&route=&other=1");
  const selection = selectionInUrl(filters, url);
  expect([selection.range.id, selection.where]).toEqual(["6h", { model: "a &b" }]);
  const next = urlOf({ ...selection, where: { route: "chat" } }, filters, url);
  expect(next.href).toBe("http://localhost/?range=6h&route=chat&other=1");
  expect(selectionInUrl(filters, next).where).toEqual({ route: "chat" });
});

test("a question gets the conditions on its own dimensions only", () => {
  const where = { route: "chat", model: "gpt-4o" };
  expect(whereFor(where, ["route", "model", "tenant"])).toEqual(where);
  expect(whereFor(where, ["route"])).toEqual({ route: "chat" });
  expect(whereFor(where, ["route", "model"], "model")).toEqual({ route: "chat" });
  expect(whereFor(where, [])).toEqual({});
});

test("a filter offers each name once, in order, and the chosen one even without a row", () => {
  const rows = [{ model: "b" }, { model: "a" }, { model: "b" }, { model: "" }, { model: null }];
  expect(valuesOf(rows, "model", undefined)).toEqual(["a", "b"]);
  expect(valuesOf(rows, "model", "z")).toEqual(["a", "b", "z"]);
});
