import type { Clock } from "../core/clock.ts";
import { PlumblineError } from "../core/errors.ts";
import type { Ids } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import { appendBatch } from "./append.ts";
import type { StoreConfig } from "./config.ts";
import { migrate } from "./migrate.ts";
import type { QuestionName } from "./questions.ts";
import { questions } from "./questions.ts";
import { refuseUnlessReadOnly } from "./read-only-sql.ts";
import { renderQuestion } from "./render-question.ts";
import type { SqlClient } from "./sql-client.ts";
import type { AnswerRow, AppendOptions, Batch, QuestionParameters, Store } from "./store.ts";

/** What a store is opened with. */
export interface StoreDeps {
  readonly config: StoreConfig;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** The store port on ClickHouse, wherever it runs. */
export class ClickHouseStore implements Store {
  readonly #deps: StoreDeps & { readonly sql: SqlClient };
  #lastAppend: Promise<unknown> = Promise.resolve();

  constructor(deps: StoreDeps & { readonly sql: SqlClient }) {
    this.#deps = deps;
  }

  readonly migrate = (): Promise<void> => migrate(this.#deps);

  /** One append at a time: reconciling a rollup would count the rows of another one twice. */
  readonly append = async (batch: Batch, options: AppendOptions): Promise<void> => {
    const run = this.#lastAppend.then(() => appendBatch(this.#deps, batch, options));
    this.#lastAppend = run.catch(() => {});
    await run;
  };

  readonly ask = (name: QuestionName, parameters: QuestionParameters): Promise<readonly AnswerRow[]> => {
    const { sql, parameters: bound } = renderQuestion(questions[name], parameters);
    return this.#deps.sql.select(sql, bound);
  };

  readonly query = async (sql: string): Promise<readonly AnswerRow[]> => {
    const refusal = refuseUnlessReadOnly(sql);
    if (refusal !== null) {
      throw new PlumblineError("store.rejected", refusal.reason);
    }
    return await this.#deps.sql.select(sql);
  };

  readonly close = async (): Promise<void> => {
    await this.#lastAppend;
    await this.#deps.sql.close();
  };
}
