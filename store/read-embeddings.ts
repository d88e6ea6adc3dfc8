import { z } from "zod";
import type { EmbeddedMinute } from "../core/embedding-sum.ts";
import { embeddingParts } from "../core/embedding-sum.ts";
import { embeddingDimensions } from "../core/measures.ts";
import type { TimeSpan } from "./read-measures.ts";
import type { SqlClient } from "./sql-client.ts";

const name = z.string();

const embeddedRow = z.object({
  ...{ tenant: name, route: name, variant: name, model: name, measure: name },
  /** The prompt of the series. */
  series_prompt: name,
  start_s: z.coerce.number(),
  n: z.coerce.number(),
  parts: z.record(z.string(), z.coerce.number()),
  squares: z.coerce.number(),
});

/** What the embeddings of the minutes of a span of time add up to, in their order. */
export const readEmbeddings = async (
  sql: SqlClient,
  { fromMs, toMs }: TimeSpan,
): Promise<readonly EmbeddedMinute[]> => {
  const rows = await sql.select(
    `SELECT r.tenant AS tenant, r.route AS route, r.variant AS variant, r.model AS model, r.measure AS measure,
  r.prompt AS series_prompt, toUnixTimestamp(r.minute) AS start_s, sum(r.n) AS n, sumMap(r.sums) AS parts, sum(r.squares) AS squares
FROM embeddings_1m AS r
WHERE r.minute >= toDateTime({from:UInt32}) AND r.minute < toDateTime({to:UInt32})
GROUP BY tenant, route, variant, model, measure, series_prompt, start_s
HAVING n > 0
ORDER BY start_s, tenant, route, variant, model, measure, series_prompt`,
    { from: String(Math.floor(fromMs / 1000)), to: String(Math.floor(toMs / 1000)) },
  );
  return rows.map((row) => {
    const { start_s, series_prompt, parts, squares, n, ...of } = embeddedRow.parse(row);
    return {
      ...{ ...of, prompt: series_prompt, minuteMs: start_s * 1000, n },
      sum: vectorOfParts(parts),
      squaredNorms: squares / embeddingParts ** 2,
    };
  });
};

/** The vector of a map of its parts; a place that the map does not have is 0. */
const vectorOfParts = (parts: Readonly<Record<string, number>>): readonly number[] => {
  const length = Math.max(0, ...Object.keys(parts).map(Number)) + 1;
  return Array.from(
    { length: Math.max(length, embeddingDimensions) },
    (_, place) => (parts[String(place)] ?? 0) / embeddingParts,
  );
};
