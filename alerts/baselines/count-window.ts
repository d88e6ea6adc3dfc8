import { z } from "zod";
import type { BaselineWindow } from "../../core/pinned-baseline.ts";
import { literal } from "../../store/sql-client.ts";
import type { Store } from "../../store/store.ts";

/** What a window holds of one model on a route. */
export interface CountedSeries {
  readonly tenant: string;
  readonly variant: string;
  readonly model: string;
  readonly answers: number;
  readonly hours: number;
  readonly measures: number;
}

const countedRow = z.object({
  tenant: z.string(),
  variant: z.string(),
  model: z.string(),
  answers: z.coerce.number(),
  hours: z.coerce.number(),
  measures: z.coerce.number(),
});

/** Counts what was measured in a window, by model on a route, that with most answers first. */
export const countWindow = async (
  store: Pick<Store, "query">,
  window: BaselineWindow,
): Promise<readonly CountedSeries[]> => {
  const rows = await store.query(
    `SELECT tenant, variant, model, max(of_measure) AS answers, max(hours_of_measure) AS hours, uniqExact(family) AS measures
FROM (
  SELECT tenant, variant, model, splitByChar('=', measure)[1] AS family, sum(n) AS of_measure, uniqExact(hour) AS hours_of_measure
  FROM measures_1h
  WHERE ${conditionsOf(window).join(" AND ")}
  GROUP BY tenant, variant, model, family
)
GROUP BY tenant, variant, model
ORDER BY answers DESC, tenant, variant, model`,
  );
  return rows.map((row) => countedRow.parse(row));
};

const conditionsOf = ({ from, to, route, prompt, ...of }: BaselineWindow): readonly string[] => [
  `hour >= toDateTime(${secondsOf(from)}) AND hour < toDateTime(${secondsOf(to)})`,
  `route = ${literal(route)} AND prompt = ${literal(prompt ?? "")}`,
  ...Object.entries(of).flatMap(([name, value]) => (value === undefined ? [] : [`${name} = ${literal(value)}`])),
];

const secondsOf = (time: string): number => Math.floor(Date.parse(time) / 1_000);
