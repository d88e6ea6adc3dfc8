import type { Clock } from "../../core/clock.ts";
import type { Rollouts } from "../rollouts/rollouts.ts";
import type { ApiReply, ApiRequest } from "./api-request.ts";
import type { Sample } from "./prometheus.ts";
import { parseQuery, samplesOf } from "./prometheus.ts";
import { jsonReply } from "./replies.ts";

/** What queries are answered with. */
export interface PrometheusDeps {
  readonly rollouts: Pick<Rollouts, "list">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Answers a query in the shape of Prometheus' own API, errors included. */
export const answerQuery = ({ rollouts, clock }: PrometheusDeps, { query }: ApiRequest): ApiReply => {
  const parsed = parseQuery(query.get("query") ?? "");
  switch (parsed.kind) {
    case "alive":
      return vector([{ metric: {}, value: 1 }], clock.nowMs());
    case "metric":
      return vector(samplesOf(rollouts.list(), parsed), clock.nowMs());
    case "bad":
      return jsonReply(400, { status: "error", errorType: "bad_data", error: parsed.problem });
  }
};

/** Times are seconds, and values are text. */
const vector = (samples: readonly Sample[], nowMs: number): ApiReply =>
  jsonReply(200, {
    status: "success",
    data: {
      resultType: "vector",
      result: samples.map(({ metric, value }) => ({ metric, value: [nowMs / 1_000, String(value)] })),
    },
  });
