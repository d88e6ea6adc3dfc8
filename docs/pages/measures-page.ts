import type { Measure } from "../../core/measures.ts";
import { answerMeasures, inputMeasures } from "../../core/measures.ts";
import { code, markdownTable } from "./markdown-table.ts";

/** The reference of measures, from their tables. */
export const measuresPage = (): string => `# Measures

What is measured of every answer and input while its text is in memory; the text is kept or dropped by the content policy of its
route. A missing value means not measurable, never 0. The version changes with the way of measuring, and a new version is a new
series.

## Answers

${tableOf(answerMeasures)}

## Inputs

${tableOf(inputMeasures)}
`;

const tableOf = (measures: Readonly<Record<string, Measure>>): string =>
  markdownTable(
    ["measure", "kind", "unit or values", "range", "version", "meaning"],
    Object.entries(measures).map(([name, measure]) => [
      code(name),
      measure.kind,
      unitOf(measure),
      measure.kind === "number" ? rangeOf(measure.range) : "",
      String(measure.version),
      measure.doc,
    ]),
  );

const unitOf = (measure: Measure): string => {
  switch (measure.kind) {
    case "number":
      return measure.unit;
    case "category":
      return measure.values.map(code).join(", ");
    case "vector":
      return `${measure.dimensions} dimensions`;
    case "hash":
      return "16 hex characters";
    case "flag":
      return "true or false";
  }
};

const rangeOf = ([least, most]: readonly [number, number]): string =>
  Number.isFinite(most) ? `${least} to ${most}` : `${least} and more`;
