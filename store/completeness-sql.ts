import { rangeOf } from "./question-sql.ts";

/** End of the range, to which ages are counted, in milliseconds since the Unix epoch. */
const asOfMs = "toUnixTimestamp64Milli(toDateTime64({to:DateTime64(3)}, 3))";

const keys = "r.tenant AS tenant, r.route AS route, r.minute AS minute, r.gateway_id AS gateway_id";

/**
 * Calls by tenant, route, minute and gateway. A gateway has finished what it told, and surely what is stored of it: one that
 * died before it told has its rows from the spool, and a foreign source, the empty gateway, tells nothing.
 */
export const callsByGateway = `SELECT tenant, route, minute, gateway_id, greatest(sum(told), sum(kept)) AS finished, sum(kept) AS stored,
  finished - stored AS missing, max(told_last_ms) AS last_finished_ms
FROM (
  SELECT ${keys}, toInt64(max(r.finished)) AS told, toInt64(0) AS kept,
    toUnixTimestamp64Milli(max(r.last_finished_at)) AS told_last_ms
  ${rangeOf("gateway_census")}
  GROUP BY tenant, route, minute, gateway_id
  UNION ALL
  SELECT ${keys}, toInt64(0) AS told, toInt64(sum(r.calls)) AS kept, toInt64(0) AS told_last_ms
  ${rangeOf("stored_1m")}
  GROUP BY tenant, route, minute, gateway_id
)
GROUP BY tenant, route, minute, gateway_id`;

/** How long before the end of the range a time was, in seconds; 0 for a time behind it, by a clock that is ahead. */
export const ageOf = (ms: string): string => `round(greatest(${asOfMs} - ${ms}, 0) / 1000, 3)`;

/** A gateway is silent when three of its reports are due, and never before this time. */
const silentAfterMs = 10_000;

/** Rows of a gateway may be there before its first report has been read. */
const startingSeconds = 120;

/** Reports by which the age of unstored calls is told; older calls are told by the minute of their count. */
const stepSeconds = 600;

/**
 * What each gateway told of itself. \`steps\` are pairs of the calls finished and the time when that was told. The offset of
 * its clock is the least time a report took to be read: it is the clock's error and the way of the fastest report.
 */
const reportsByGateway = `SELECT r.gateway_id AS gateway_id, toUnixTimestamp64Milli(max(r.received_at)) AS newest_ms,
  max(r.every_ms) AS every_ms, max(r.is_last) AS is_last, max(r.finished) AS told,
  argMax(r.waiting, r.reported_at) AS waiting, argMax((r.oldest_waiting_ms, 0), r.reported_at).1 AS oldest_waiting_ms,
  minIf(toUnixTimestamp64Milli(r.received_at) - toUnixTimestamp64Milli(r.reported_at), NOT (r.is_last = 1 AND r.finished = 0)) AS offset_ms,
  groupArrayIf((r.finished, toUnixTimestamp64Milli(r.reported_at)), r.minute >= {to:DateTime64(3)} - toIntervalSecond(${stepSeconds})) AS steps
FROM gateway_reports AS r
WHERE r.minute >= toStartOfMinute({from:DateTime64(3)}) AND r.minute < {to:DateTime64(3)}
GROUP BY r.gateway_id`;

/** Time of the first report by which as many calls were finished that one of those missing was among them. */
const firstTellingMs =
  "arrayMin(arrayMap(step -> if(step.1 > greatest(toInt64(told) - missing, 0), step.2, toInt64(9e15)), steps))";

const state = `multiIf(
    newest_ms = 0 AND first_minute >= {to:DateTime64(3)} - toIntervalSecond(${startingSeconds}), 'starting',
    newest_ms = 0, 'unheard',
    is_last = 1, 'stopped',
    ${asOfMs} - newest_ms > greatest(3 * toInt64(every_ms), ${silentAfterMs}), 'silent',
    'reporting'
  )`;

/**
 * Every gateway of the range: its calls, its state, and how old the oldest call that is not stored is at least. Of the calls
 * that it finished, \`missing\` are not stored, so that one of these is not among its last \`missing - 1\`: it was finished
 * when the first report told more than all but \`missing\`. That holds whichever of them are missing; and in a minute that
 * misses calls, none is younger than the last one that was finished there. The later of the two is the better bound.
 */
export const gatewaysInRange = `SELECT gateway_id AS gateway, ${state} AS state, finished, stored, missing,
  if(missing > 0, greatest(${ageOf("last_finished_ms")}, ${ageOf(firstTellingMs)}), NULL) AS oldest_unstored_s,
  waiting, oldest_waiting_ms / 1000 AS oldest_waiting_s,
  if(newest_ms = 0, NULL, ${ageOf("newest_ms")}) AS report_age_s,
  if(newest_ms > 0 AND (state = 'reporting' OR offset_ms < 0), offset_ms / 1000, NULL) AS clock_offset_s
FROM (
  SELECT c.gateway_id AS gateway_id, sum(c.finished) AS finished, sum(c.stored) AS stored, sum(c.missing) AS missing,
    minIf(c.last_finished_ms, c.missing > 0) AS last_finished_ms, min(c.minute) AS first_minute
  FROM (
    ${callsByGateway}
  ) AS c
  WHERE c.gateway_id != ''
  GROUP BY c.gateway_id
) AS calls
FULL JOIN (
  ${reportsByGateway}
) AS reports USING (gateway_id)`;
