import { z } from "zod";
import type { ArmTally, EmbeddedAnswers } from "../core/arms.ts";
import { embeddingParts } from "../core/embedding-sum.ts";
import { embeddingMeasure } from "../core/measures.ts";
import { timeParameter } from "./arm-sql.ts";
import { msText } from "./cells.ts";
import type { TimeSpan } from "./read-measures.ts";
import type { SqlClient } from "./sql-client.ts";

const row = z.object({
  route: z.string(),
  variant: z.string(),
  count: z.coerce.number(),
  parts: z.array(z.coerce.number()),
  squares: z.coerce.number(),
});

/** What the embeddings of a target's answers add up to. */
export interface EmbeddedArm extends Pick<ArmTally, "route" | "variant"> {
  readonly embedded: EmbeddedAnswers;
}

/** What the embeddings of the answers stored in a span of time add up to, by route and target; of calls that had a caller. */
export const readEmbeddedArms = async (sql: SqlClient, { fromMs, toMs }: TimeSpan): Promise<readonly EmbeddedArm[]> => {
  const rows = await sql.select(
    `SELECT e.route AS route, e.variant AS variant, sum(e.n) AS count, sumForEach(e.sums) AS parts, sum(e.squares) AS squares
FROM embedding_sums AS e
WHERE e.ingested_at >= ${timeParameter("from")} AND e.ingested_at < ${timeParameter("to")} AND NOT e.is_shadow
  AND e.measure = {measure:String}
GROUP BY route, variant
ORDER BY route, variant`,
    { from: msText(fromMs), to: msText(toMs), measure: embeddingMeasure },
  );
  return rows.map((each) => {
    const { route, variant, count, parts, squares } = row.parse(each);
    const sum = parts.map((part) => part / embeddingParts);
    return { route, variant, embedded: { count, sum, squaredNorms: squares / embeddingParts ** 2 } };
  });
};

/** The tallies with what was embedded of them. */
export const withEmbedded = (tallies: readonly ArmTally[], embedded: readonly EmbeddedArm[]): readonly ArmTally[] =>
  tallies.map((tally) => {
    const found = embedded.find(({ route, variant }) => route === tally.route && variant === tally.variant);
    return found === undefined ? tally : { ...tally, embedded: found.embedded };
  });
