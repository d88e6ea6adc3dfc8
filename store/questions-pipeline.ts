import { ageOf, callsByGateway, gatewaysInRange } from "./completeness-sql.ts";
import { bucket, histogramOf, quantile, quantiles, rangeOf } from "./question-sql.ts";
import type { Question } from "./questions-column.ts";
import { label, time, value } from "./questions-column.ts";

/** The census tells tenant and route of a call; what comes out only with its answer, such as the model, it cannot tell. */
const censusDimensions = ["tenant", "route"] as const;

const judged = (name: string) => ({ ...label(name), isJudged: true }) as const;

/** Questions about the pipeline itself, answered from `gateway_census`, `gateway_reports` and `stored_1m`. */
export const pipelineQuestions = {
  freshness: {
    title: "Freshness",
    description: "seconds from the end of a call to its row in the store, over time",
    sql: `SELECT time, p50_ms / 1000 AS p50_s, p95_ms / 1000 AS p95_s, p99_ms / 1000 AS p99_s, calls
FROM (
  SELECT time, ${quantiles("p50_ms", "p95_ms", "p99_ms")}, arraySum(counts) AS calls
  FROM (
    SELECT time, ${histogramOf("bins")}
    FROM (
      SELECT ${bucket}, sumMap(r.stored_after_ms_bins) AS bins
      ${rangeOf("stored_1m")}
      GROUP BY time
    )
  )
)
WHERE calls > 0
ORDER BY time`,
    columns: [
      time,
      value("p50_s", "seconds"),
      value("p95_s", "seconds"),
      value("p99_s", "seconds"),
      value("calls", "calls"),
    ],
    dimensions: censusDimensions,
  },
  completeness: {
    title: "Completeness",
    description: "calls finished at the gateways, rows stored, and what is missing, over time by tenant",
    sql: `SELECT time, tenant, finished, stored, missing, if(missing > 0, ${ageOf("last_finished_ms")}, NULL) AS oldest_unstored_s
FROM (
  SELECT toStartOfInterval(c.minute, toIntervalSecond({step:UInt32})) AS time, c.tenant AS tenant, sum(c.finished) AS finished,
    sum(c.stored) AS stored, sum(c.missing) AS missing, minIf(c.last_finished_ms, c.missing > 0) AS last_finished_ms
  FROM (
    ${callsByGateway}
  ) AS c
  GROUP BY time, tenant
)
ORDER BY time, tenant`,
    columns: [
      time,
      label("tenant"),
      value("finished", "calls"),
      value("stored", "calls"),
      value("missing", "calls"),
      value("oldest_unstored_s", "seconds"),
    ],
    dimensions: censusDimensions,
  },
  gateways: {
    title: "Gateways",
    description: "gateway processes: whether they report, what they finished, and how much of it is stored",
    sql: `${gatewaysInRange}
ORDER BY state IN ('silent', 'unheard') DESC, missing DESC, gateway
LIMIT 100`,
    columns: [
      label("gateway"),
      label("state"),
      value("finished", "calls"),
      value("stored", "calls"),
      value("missing", "calls"),
      value("oldest_unstored_s", "seconds"),
      value("waiting", "calls"),
      value("oldest_waiting_s", "seconds"),
      value("report_age_s", "seconds"),
      value("clock_offset_s", "seconds"),
    ],
    dimensions: censusDimensions,
  },
  telemetry_health: {
    title: "Telemetry health",
    description: "whether what is stored can be trusted, and why not: one row",
    sql: `SELECT sum(g.finished) AS finished, sum(g.stored) AS stored, sum(g.missing) AS missing, max(g.oldest_unstored_s) AS oldest_unstored_s,
  (
    SELECT ${quantile(0.99)} / 1000
    FROM (
      SELECT ${histogramOf("bins")}
      FROM (
        SELECT sumMap(r.stored_after_ms_bins) AS bins
        ${rangeOf("stored_1m")} AND r.minute >= toStartOfMinute({to:DateTime64(3)} - toIntervalMinute(5))
      )
    )
  ) AS freshness_p99_s,
  maxIf(g.report_age_s, g.state IN ('reporting', 'silent')) AS report_age_s,
  argMax((g.clock_offset_s, 0), abs(ifNull(g.clock_offset_s, -1))).1 AS clock_offset_s,
  countIf(g.state != 'unheard') AS gateways, countIf(g.state = 'silent') AS silent_gateways,
  countIf(g.state = 'unheard') AS unheard_gateways
FROM (
  ${gatewaysInRange}
) AS g`,
    columns: [
      judged("trusted"),
      judged("reason"),
      value("finished", "calls"),
      value("stored", "calls"),
      value("missing", "calls"),
      value("oldest_unstored_s", "seconds"),
      value("freshness_p99_s", "seconds"),
      value("report_age_s", "seconds"),
      value("clock_offset_s", "seconds"),
      value("gateways", "gateways"),
      value("silent_gateways", "gateways"),
      value("unheard_gateways", "gateways"),
    ],
    dimensions: censusDimensions,
    isOneRow: true,
  },
} as const satisfies Readonly<Record<string, Question>>;
