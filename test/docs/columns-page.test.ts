import { expect, test } from "vitest";
import { columnsPage } from "../../docs/pages/columns-page.ts";

test("every table is a section with a row for each column", () => {
  const page = columnsPage([
    {
      name: "calls",
      doc: "One row a call.",
      columns: [{ name: "ttft_ms", type: "Nullable(Float64)", doc: "Time to first token." }],
    },
  ]);
  expect(page.split("\n").slice(-9)).toEqual([
    "",
    "## `calls`",
    "",
    "One row a call.",
    "",
    "| column | type | meaning |",
    "| --- | --- | --- |",
    "| `ttft_ms` | `Nullable(Float64)` | Time to first token. |",
    "",
  ]);
});
