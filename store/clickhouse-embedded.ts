import { Readable } from "node:stream";
import type { ClickHouseClient } from "@clickhouse/client";
import type { ChdbFolder } from "./clickhouse-chdb.ts";
import { useDatabase } from "./clickhouse-chdb.ts";
import { boundOf, insertFile, outputSettings, rowsOf, runCommand, setAll } from "./clickhouse-client.ts";
import { withIncoming } from "./incoming-rows.ts";
import { insertFromFile } from "./insert-statement.ts";
import { nativeRows } from "./native-rows.ts";
import type { RawInsert, RawQuery, RawWrite } from "./raw-statement.ts";
import type { Insert, SqlClient } from "./sql-client.ts";
import type { AnswerRow } from "./store.ts";
import { insertError } from "./store-error.ts";
import { UnderWay } from "./under-way.ts";

/** The engine in this process, with all of its connections. */
export class EmbeddedEngine implements SqlClient {
  readonly #dir: string;
  readonly #folder: ChdbFolder;
  readonly #database: string;
  readonly #writers = new Map<string, ClickHouseClient>();
  readonly #writes = new UnderWay();

  constructor(engine: { readonly dir: string; readonly folder: ChdbFolder; readonly database: string }) {
    this.#dir = engine.dir;
    this.#folder = engine.folder;
    this.#database = engine.database;
  }

  readonly command = (sql: string): Promise<void> => this.#writes.run(() => runCommand(this.#folder.first, sql));

  /** The engine takes Native rows from a file alone: what stands in a statement has to be text. */
  readonly insert = (insert: Insert): Promise<void> =>
    this.#writes.run(async () => {
      const writer = await this.#writerOf(insert.table);
      const body = Readable.from([nativeRows(insert.columns, insert.rows)], { objectMode: false });
      try {
        await withIncoming(this.#dir, body, ({ path }) => insertFile(writer, insert, path));
      } catch (error) {
        throw insertError(error, insert.table);
      }
    });

  /**
   * A connection of its own for each question: settings stay on a chDB connection, and one runs a single query at a time.
   * All of its settings come first: `readonly` is the last one that a connection takes.
   */
  readonly select: SqlClient["select"] = async (sql, parameters): Promise<readonly AnswerRow[]> => {
    await this.#untilVisible(sql);
    return await this.#withConnection(null, async (reader) => {
      await setAll(reader, { ...outputSettings, readonly: 1 });
      return await rowsOf(reader, { query: sql, ...boundOf(parameters) });
    });
  };

  /** Runs a statement of a reader; `readonly = 1` comes last: after it the connection takes no setting and changes nothing. */
  readonly query = async (query: RawQuery): Promise<Buffer> => {
    await this.#untilVisible(query.sql);
    return await this.#withConnection(query.database, async (reader) => {
      // The client would escape them once more.
      const parameters = Object.entries(query.parameters).map(([name, value]) => [`param_${name}`, value] as const);
      await setAll(reader, { ...Object.fromEntries(parameters), ...query.settings, readonly: 1 });
      const { stream } = await reader.exec({
        query: query.sql,
        clickhouse_settings: Object.fromEntries([["default_format", query.format]]),
        abort_signal: query.signal,
      });
      return Buffer.concat(await stream.toArray());
    });
  };

  /** Runs a statement of a writer. */
  readonly write = ({ sql, database, settings }: RawWrite): Promise<void> =>
    this.#writes.run(() =>
      this.#withConnection(database, async (writer) => {
        await setAll(writer, settings);
        await writer.command({ query: sql });
      }),
    );

  /** Inserts the rows of a writer, once all of them have come. */
  readonly insertRaw = ({ insert, body, ...rest }: RawInsert): Promise<void> =>
    withIncoming(this.#dir, body, async ({ path, bytes }) => {
      if (bytes > 0) {
        await this.write({ ...rest, sql: insertFromFile(insert, path) });
      }
    });

  readonly close = async (): Promise<void> => {
    await this.#writes.ended();
    await Promise.all([this.#folder.first, ...this.#writers.values()].map((open) => open.close()));
  };

  /**
   * What is under way and waits for a thread of the engine is not in `system.processes`; who looks there must not take it for
   * nothing, so that all of it ends first.
   */
  async #untilVisible(sql: string): Promise<void> {
    if (sql.includes("system.processes")) {
      await this.#writes.ended();
    }
  }

  /** Each table has a connection of its own, since one runs a single statement at a time. */
  async #writerOf(table: string): Promise<ClickHouseClient> {
    const open = this.#writers.get(table) ?? this.#folder.connect();
    this.#writers.set(table, open);
    await useDatabase(open, this.#database);
    return open;
  }

  async #withConnection<T>(database: string | null, use: (connection: ClickHouseClient) => Promise<T>): Promise<T> {
    const connection = this.#folder.connect();
    try {
      await useDatabase(connection, database ?? this.#database);
      return await use(connection);
    } finally {
      await connection.close();
    }
  }
}
