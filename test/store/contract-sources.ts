import { expect, it } from "vitest";
import { rollups } from "../../store/catalogue-rollup.ts";
import { rollupView } from "../../store/rollup-sql.ts";
import { literal } from "../../store/sql-client.ts";
import { batchFrom, inPartition } from "./batches.ts";
import type { Subject } from "./contract.ts";
import { ledgerOf, sumsOfCalls, sumsOfRollup } from "./ledger.ts";
import type { OpenedStore } from "./open-engine.ts";

/** What stores must do with several writers, each the owner of a partition. */
export const describeSources = (opened: () => OpenedStore, openOther: Subject["open"]): void => {
  const mine = batchFrom(0, 5);
  const theirs = inPartition(batchFrom(5, 4), 1);
  const all = [...mine.calls, ...theirs.calls];

  it("leaves the rows of another writer alone whose insert has not come to its rollup yet", async () => {
    const { store, command } = opened();
    await store.append(theirs, { delivery: "first" });
    await command("TRUNCATE TABLE calls_1m");
    await store.append(mine, { delivery: "repeated" });
    expect(await sumsOfRollup(store)).toEqual(ledgerOf(mine.calls));
    await store.append(theirs, { delivery: "repeated" });
    expect(await sumsOfRollup(store)).toEqual(ledgerOf(all));
  });

  it("answers questions across sources", async () => {
    const { store } = opened();
    await store.append(mine, { delivery: "first" });
    await store.append(theirs, { delivery: "first" });
    expect(await sumsOfCalls(store)).toEqual(ledgerOf(all));
    const range = { fromMs: 0, toMs: 4e12, stepSeconds: 60, where: {} };
    expect(await store.ask("models", range)).toMatchObject([{ calls: "9" }]);
    expect(await store.ask("tokens", range)).toMatchObject([{ input_tokens: "900" }]);
  });

  it("lets several writers make a new database at once, and one that comes late changes nothing", async () => {
    const { store } = opened();
    const database = `${String((await store.query("SELECT currentDatabase() AS name"))[0]?.["name"])}_at_once`;
    const three = await Promise.all([0, 1, 2].map(() => openOther(database)));
    await Promise.all(three.map((each) => each.store.migrate()));
    await Promise.all([
      three[0]?.store.append(mine, { delivery: "first" }),
      three[1]?.store.append(theirs, { delivery: "first" }),
      three[2]?.store.migrate(),
    ]);
    for (const each of three) expect(await sumsOfRollup(each.store)).toEqual(ledgerOf(all));
    await three[0]?.command(`DROP DATABASE ${database} SYNC`);
    await Promise.all(three.map((each) => each.close()));
  });

  it.each(rollups)("keeps the view of $table as the catalogue says", async (rollup) => {
    const [view] = await opened().store.query(
      `SELECT as_select AS found FROM system.tables WHERE database = currentDatabase() AND name = '${rollup.table}_mv'`,
    );
    const unqualified = String(view?.["found"]).replace(/ FROM \w+\.(calls|embedding_sums) /, " FROM $1 ");
    const [declared] = await opened().store.query(
      `SELECT formatQuerySingleLine(${literal(rollupView(rollup))}) AS text`,
    );
    expect(unqualified).toBe(declared?.["text"]);
  });
};
