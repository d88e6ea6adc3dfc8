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
