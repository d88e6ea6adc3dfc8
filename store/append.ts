import type { Clock } from "../core/clock.ts";
import { PlumblineError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { Step } from "./append-step.ts";
import { nextStep } from "./append-step.ts";
import { clusterOf } from "./cluster-sql.ts";
import type { StoreConfig } from "./config.ts";
import { insertRows } from "./insert-rows.ts";
import { missingRows } from "./missing-rows.ts";
import { reconcile } from "./reconcile.ts";
import type { RowsByTable } from "./rows.ts";
import { rowsOfBatch } from "./rows.ts";
import type { SqlClient } from "./sql-client.ts";
import type { AppendOptions, Batch } from "./store.ts";
import { untilQuiet } from "./until-quiet.ts";

/** What an append is made with. */
export interface AppendDeps {
  readonly sql: SqlClient;
  readonly config: StoreConfig;
  readonly clock: Clock;
  readonly log: Log;
}

/** Takes a batch from step to step until the tables hold every row of it once, and after a repeat the rollups as well. */
export const appendBatch = async (deps: AppendDeps, batch: Batch, { delivery }: AppendOptions): Promise<void> => {
  const isReplicated = clusterOf(deps.config) !== null;
  const stored = delivery === "redriven" ? { ...batch, embeddings: [] } : batch;
  let rows: RowsByTable = rowsOfBatch(stored, deps.clock.nowMs());
  let inserts = 0;
  let missing: number | null = null;
  for (;;) {
    const step = nextStep({ delivery, isReplicated, inserts, missing });
    switch (step.kind) {
      case "insert":
        await insertRows(deps.sql, { batch, delivery, rows, token: step.token });
        inserts += 1;
        missing = null;
        break;
      case "look":
        rows = await lookFor(deps, { batch, rows, step });
        missing = Object.values(rows).reduce((total, each) => total + each.length, 0);
        break;
      case "failed":
        throw new PlumblineError("store.unavailable", `${batch.topic}:${batch.partition}: ${step.reason}`);
      case "done":
        if (delivery !== "first" && !isReplicated) {
          await reconcile(deps, batch);
        }
        return;
    }
  }
};

const lookFor = async (
  deps: AppendDeps,
  {
    batch,
    rows,
    step,
  }: { readonly batch: Batch; readonly rows: RowsByTable; readonly step: Extract<Step, { kind: "look" }> },
): Promise<RowsByTable> => {
  const nowSeconds = step.isAfterWaiting ? await untilQuiet(deps, batch) : null;
  return await missingRows(deps, { batch, rows, nowSeconds });
};
