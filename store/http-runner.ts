import type { EmbeddedStore } from "./clickhouse.ts";
import type { EmbeddedStoreConfig } from "./config.ts";
import type { HttpAnswer } from "./http-answer.ts";
import { engineError, readOnlyCode, textAnswer } from "./http-answer.ts";
import { BodyTooLarge, UnknownEncoding } from "./http-body.ts";
import type { ParsedQuery, ParsedRequest } from "./http-request.ts";
import { nativeBlocksOf } from "./native-blocks.ts";
import type { RawInsert, RawQuery, RawWrite } from "./raw-statement.ts";
import type { Refusal } from "./read-only-sql.ts";
import { refuseUnlessReadOnly } from "./read-only-sql.ts";
import { Turns } from "./turns.ts";
import { refuseUnlessWrite } from "./write-sql.ts";

/** What statements are run with. */
export interface RunnerDeps {
  readonly store: EmbeddedStore;
  readonly config: EmbeddedStoreConfig["http"];
}

/** Statements of readers that run at once; more wait their turn, so that they leave the engine's threads to inserts. */
const maxConcurrent = 4;

/** Makes what runs the statements of requests; it throws what the engine throws. */
export const createRunner = (
  deps: RunnerDeps,
): ((request: ParsedRequest, signal: AbortSignal) => Promise<HttpAnswer>) => {
  const turns = new Turns(maxConcurrent);
  let tableFunctions: Promise<ReadonlySet<string>> | null = null;
  return async (request, signal) => {
    switch (request.kind) {
      case "answer":
        return request.answer;
      case "query":
        return request.isOfReader
          ? await turns.run(() => runQuery(deps, request, signal))
          : await runQuery(deps, request, signal);
      case "write":
        tableFunctions ??= tableFunctionsOf(deps.store);
        return await runWrite(deps, request.write, await tableFunctions);
      case "insert":
        return await runInsert(deps, request.insert);
    }
  };
};

const runQuery = async (deps: RunnerDeps, request: ParsedQuery, signal: AbortSignal): Promise<HttpAnswer> => {
  const refusal = refuseUnlessReadOnly(request.query.sql);
  if (refusal !== null) {
    return refusalAnswer(refusal);
  }
  const bytes = await deps.store.rawQuery(limited(deps.config, { ...request.query, signal }));
  return {
    status: 200,
    headers: request.headers,
    body: nativeBlocksOf(bytes, request.revision),
    isGzip: request.isGzip,
  };
};

const limited = (config: RunnerDeps["config"], query: RawQuery): RawQuery => {
  const asked = Number(query.settings["max_execution_time"]);
  const seconds = asked > 0 ? Math.min(asked, config.maxExecutionSeconds) : config.maxExecutionSeconds;
  const settings = {
    ...query.settings,
    max_execution_time: String(seconds),
    max_result_bytes: String(config.maxResultBytes),
    result_overflow_mode: "throw",
  };
  return { ...query, settings };
};

const runWrite = async (
  { store }: RunnerDeps,
  write: RawWrite,
  tableFunctions: ReadonlySet<string>,
): Promise<HttpAnswer> => {
  const refusal = refuseUnlessWrite(write.sql, tableFunctions);
  if (refusal !== null) {
    return refusalAnswer(refusal);
  }
  await store.rawWrite(write);
  return textAnswer(200, "");
};

const runInsert = async ({ store }: RunnerDeps, insert: RawInsert): Promise<HttpAnswer> => {
  try {
    await store.rawInsert(insert);
    return textAnswer(200, "");
  } catch (error) {
    if (error instanceof BodyTooLarge) {
      return engineError(413, { code: 241, name: "MEMORY_LIMIT_EXCEEDED", text: error.message });
    }
    if (error instanceof UnknownEncoding) {
      return engineError(501, { code: 48, name: "NOT_IMPLEMENTED", text: error.message });
    }
    throw error;
  }
};

/** The names that mean a table function to this version of the engine, but for the one of rows that stand in the statement. */
const tableFunctionsOf = async (store: EmbeddedStore): Promise<ReadonlySet<string>> => {
  const rows = await store.query("SELECT lower(name) AS name FROM system.table_functions WHERE name != 'values'");
  return new Set(rows.map((row) => String(row["name"])));
};

const names: Readonly<Record<number, string>> = { [readOnlyCode]: "READONLY", 497: "ACCESS_DENIED" };

const refusalAnswer = ({ code, reason }: Refusal): HttpAnswer =>
  engineError(names[code] === undefined ? 400 : 403, { code, name: names[code] ?? "SYNTAX_ERROR", text: reason });
