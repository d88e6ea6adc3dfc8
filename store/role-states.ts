import { z } from "zod";
import type { Clock } from "../core/clock.ts";
import type { RoleState } from "../core/events.ts";
import type { Ids } from "../core/ids.ts";
import { roleStatesTable } from "./catalogue-events.ts";
import { msCell } from "./cells.ts";
import { insertOnOneShard } from "./insert-on-one-shard.ts";
import type { SqlClient } from "./sql-client.ts";

/** What states are saved with. */
export interface SaveStatesDeps {
  readonly sql: SqlClient;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Saves states of an owner; they are all there or none is. A repeat merges into what is there. */
export const saveStates = async (deps: SaveStatesDeps, owner: string, states: readonly RoleState[]): Promise<void> => {
  const savedAt = msCell(deps.clock.nowMs());
  await insertOnOneShard(deps.sql, {
    table: roleStatesTable,
    rows: states.map(({ key, sequence, state }) => [owner, key, sequence, savedAt, state]),
    token: `states:${deps.ids.next()}`,
  });
};

const stateRow = z.object({ key: z.string(), sequence: z.coerce.number(), state: z.string() });

/** The states of an owner that hold, in order of their keys; those forgotten are not among them. */
export const readStates = async (sql: SqlClient, owner: string): Promise<readonly RoleState[]> => {
  const rows = await sql.select(
    `SELECT key, sequence, state
FROM (
  SELECT key, sequence, state
  FROM role_states
  WHERE owner = {owner:String}
  ORDER BY key, sequence DESC
  LIMIT 1 BY key
)
WHERE state != ''
ORDER BY key`,
    { owner },
  );
  return rows.map((row) => stateRow.parse(row));
};
