import { hasCaller, timeParameter } from "./arm-sql.ts";
import { isBadFact, latestOf, subjectOfFact } from "./feedback-sql.ts";

/** Facts that came so far, by the call or trace they are about. Parameters: `earliest` in seconds, `to`. */
const facts = `SELECT subject, max(is_bad) AS is_bad, min(first) AS first
    FROM (
      SELECT ${subjectOfFact} AS subject, f.name AS name, f.source AS source,
        ${latestOf(isBadFact)} AS is_bad, min(f.ingested_at) AS first
      FROM feedback AS f
      WHERE f.ingested_at >= toDateTime({earliest:UInt32}) AND f.ingested_at < ${timeParameter("to")}
      GROUP BY subject, name, source
    )
    GROUP BY subject`;

/** Whom facts of the span were about. */
const toldSubjects = `SELECT ${subjectOfFact}
      FROM feedback AS f
      WHERE f.ingested_at >= ${timeParameter("from")} AND f.ingested_at < ${timeParameter("to")}`;

/** Number of facts that there may be of calls since `earliest`. */
export const countFacts = `SELECT count() AS n
FROM feedback AS f
WHERE f.ingested_at >= toDateTime({earliest:UInt32}) AND f.ingested_at < ${timeParameter("to")}`;

/**
 * The calls since `earliest` of which somebody told something, with the moment from which that is known: when both the call and
 * its first fact are stored. A call is bad when any name and source says so at last.
 */
export const ratedCalls = (
  unit: string,
): string => `SELECT c.route AS route, c.variant AS variant, c.call_id AS call_id,
    any(c.unit) AS unit, max(f.is_bad) AS is_bad, greatest(min(f.first), any(c.ingested_at)) AS known
  FROM (
    SELECT c.route AS route, c.variant AS variant, c.call_id AS call_id, ${unit} AS unit, c.ingested_at AS ingested_at,
      arrayJoin([c.call_id, c.trace_id]) AS subject
    FROM calls AS c
    WHERE c.minute >= toDateTime({earliest:UInt32}) AND c.ingested_at < ${timeParameter("to")}
      AND ${hasCaller}
  ) AS c
  INNER JOIN (
    ${facts}
  ) AS f ON f.subject = c.subject
  GROUP BY route, variant, call_id`;

/**
 * The calls of which it became known in a span of time what somebody says of them, each with its unit and when it was stored.
 * Looks at those that were stored in the span and those that its facts are about, each by its index.
 */
export const toldCalls = ({ unit, where }: { readonly unit: string; readonly where: string }): string => {
  const calls = (
    condition: string,
  ): string => `SELECT c.variant AS variant, c.call_id AS call_id, c.trace_id AS trace_id,
      ${unit} AS unit, c.ingested_at AS ingested_at, c.started_at AS started_at
    FROM calls AS c
    WHERE ${where} AND ${condition} AND c.ingested_at < ${timeParameter("to")}`;
  return `SELECT c.variant AS variant, c.call_id AS call_id, any(c.unit) AS unit,
    any(c.ingested_at) AS ingested_at, any(c.started_at) AS started_at,
    max(f.is_bad) AS is_bad, greatest(min(f.first), ingested_at) AS known
  FROM (
    SELECT *, arrayJoin([call_id, trace_id]) AS subject
    FROM (
    ${calls(`c.ingested_at >= ${timeParameter("from")}`)}
    UNION ALL
    ${calls(`c.call_id IN (${toldSubjects})`)}
    UNION ALL
    ${calls(`c.trace_id IN (${toldSubjects})`)}
    )
  ) AS c
  INNER JOIN (
    ${facts}
  ) AS f ON f.subject = c.subject
  GROUP BY variant, call_id
  HAVING known >= ${timeParameter("from")} AND known < ${timeParameter("to")}`;
};
