import type { QuestionColumn } from "../../store/questions-column.ts";

/** What a value of a rule is measured in: the units of questions, with dollars in the place of nano-dollars. */
export type ValueUnit = Exclude<QuestionColumn["unit"], "nanodollars"> | "dollars";

/** A value with its unit, as annotations show it: three or four digits that tell something. */
export const formatValue = (value: number, unit: ValueUnit): string => {
  switch (unit) {
    case "ratio":
      return `${digits(value * 100)}%`;
    case "milliseconds":
      return value >= 1_000 ? `${digits(value / 1_000)} s` : `${digits(value)} ms`;
    case "seconds":
      return `${digits(value)} s`;
    case "dollars":
      return `$${value >= 1 ? value.toFixed(2) : digits(value)}`;
    case "calls":
    case "gateways":
    case "count":
    case "tokens":
    case "nats":
    case "score":
    case "timestamp":
    case "none":
      return digits(value);
  }
};

const digits = (value: number): string => {
  const isWhole = Number.isInteger(value) || Math.abs(value) >= 1_000;
  return isWhole ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
};
