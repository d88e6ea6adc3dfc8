import type { Rollup, RollupSum } from "./catalogue-rollup.ts";
import { literal } from "./sql-client.ts";

/** Rows that add up to a rollup or to a part of it, by its dimensions. */
export interface Side {
  /** `calls` adds the calls, or what else its base is, up anew; `rollup` takes what the rollup holds. */
  readonly of: "calls" | "rollup";
  /** Condition on the base as `c`, or on the rollup as `r`. */
  readonly where: string;
  /** Whether the sums are taken off rather than added. */
  readonly isTakenOff: boolean;
  /** Expression of the source that the rows are given in place of their own. */
  readonly source?: { readonly topic: string; readonly partition: string };
}

/** What the view of a rollup selects: what the calls of an insert add to it. */
export const rollupView = (rollup: Rollup): string => `SELECT
  ${expressions(rollup)
    .map(({ name, expression }) => `${expression} AS ${name}`)
    .join(",\n  ")}
FROM ${callsOf(rollup)}${rollup.filter === undefined ? "" : `\nWHERE ${rollup.filter}`}
GROUP BY ${dimensionNames(rollup).join(", ")}`;

/** The statements that make the table and the view of a rollup. They hold nothing of the calls that are stored already. */
export const createRollup = (rollup: Rollup): readonly [string, string] => {
  const columns = [...rollup.dimensions, ...rollup.sums].map(({ name, type }) => `  ${name} ${type}`);
  return [
    `CREATE TABLE IF NOT EXISTS ${rollup.table} (
${columns.join(",\n")}
)
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(minute)
ORDER BY (${dimensionNames(rollup).join(", ")})
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1`,
    `CREATE MATERIALIZED VIEW IF NOT EXISTS ${rollup.table}_mv TO ${rollup.table} AS
${rollupView(rollup)}`,
  ];
};

/** Selects what the sides add up to, by dimension, where that is not zero. */
export const differenceOf = (rollup: Rollup, sides: readonly Side[]): string => {
  const dimensions = dimensionNames(rollup).map((name) => `d.${name}`);
  return `SELECT ${[...dimensions, ...rollup.sums.map((sum) => totalOf(sum, "d"))].join(", ")}
FROM (
  ${sides.map((side) => selectOf(rollup, side)).join("\n  UNION ALL\n  ")}
) AS d
GROUP BY ${dimensions.join(", ")}
HAVING ${rollup.sums.map(differs).join(" OR ")}`;
};

/** An insert of a difference. */
export interface Difference {
  readonly sides: readonly Side[];
  /** Server's time in seconds since the Unix epoch after which the statement inserts nothing; absent means never. */
  readonly untilSeconds?: number;
  /** What the statement is seen by while it runs. */
  readonly comment: string;
}

/** Inserts what the sides add up to, by dimension, where that is not zero. */
export const insertDifference = (rollup: Rollup, { sides, untilSeconds, comment }: Difference): string =>
  `INSERT INTO ${rollup.table} (${[...rollup.dimensions, ...rollup.sums].map(({ name }) => name).join(", ")})
SELECT * FROM (
${differenceOf(rollup, sides)}
)${untilSeconds === undefined ? "" : ` WHERE now() <= toDateTime(${untilSeconds})`}
SETTINGS insert_deduplicate = 0, log_comment = ${literal(comment)}`;

/** The expression of a dimension by its name. */
export const dimensionOf = (rollup: Rollup, name: string): string => {
  const found = rollup.dimensions.find((dimension) => dimension.name === name);
  if (found === undefined) {
    throw new TypeError(`the rollup ${rollup.table} has no dimension ${name}`);
  }
  return found.expression;
};

/** The table whose rows a rollup adds up. */
export const baseOf = ({ base }: Rollup): "calls" | "embedding_sums" => base ?? "calls";

const callsOf = (rollup: Rollup): string =>
  `${baseOf(rollup)} AS c${rollup.arrays === undefined ? "" : ` ARRAY JOIN ${rollup.arrays}`}`;

const expressions = ({ dimensions, sums }: Rollup) => [...dimensions, ...sums];

const dimensionNames = ({ dimensions }: Rollup): readonly string[] => dimensions.map(({ name }) => name);

const isHistogram = ({ type }: RollupSum): boolean => type.includes("(sumMap,");

const selectOf = (rollup: Rollup, side: Side): string => {
  const isOfCalls = side.of === "calls";
  const dimensions = rollup.dimensions.map(({ name, expression }) => {
    const own = isOfCalls ? expression : `r.${name}`;
    return `${sourceOf(side, name) ?? own} AS ${name}`;
  });
  const sums = rollup.sums.map((sum) => {
    const total = isOfCalls ? sum.expression : totalOf(sum, "r");
    return `${side.isTakenOff ? negated(sum, total) : total} AS ${sum.name}`;
  });
  const where = isOfCalls && rollup.filter !== undefined ? `(${rollup.filter}) AND ${side.where}` : side.where;
  const from = isOfCalls ? callsOf(rollup) : `${rollup.table} AS r`;
  const names = dimensionNames(rollup).join(", ");
  return `SELECT ${[...dimensions, ...sums].join(", ")} FROM ${from} WHERE ${where} GROUP BY ${names}`;
};

const sourceOf = ({ source }: Side, name: string): string | undefined => {
  if (name === "source_topic") {
    return source?.topic;
  }
  return name === "source_partition" ? source?.partition : undefined;
};

const negated = (sum: RollupSum, total: string): string =>
  isHistogram(sum) ? `mapApply((bin, count) -> (bin, -count), ${total})` : `-${total}`;

const totalOf = (sum: RollupSum, alias: string): string =>
  isHistogram(sum) ? `sumMap(${alias}.${sum.name})` : `sum(${alias}.${sum.name})`;

const differs = (sum: RollupSum): string =>
  isHistogram(sum) ? `mapExists((bin, count) -> count != 0, ${totalOf(sum, "d")})` : `${totalOf(sum, "d")} != 0`;
