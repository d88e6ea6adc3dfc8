import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";

/** The data source that `deploy/grafana` provisions; dashboards refer to it by this uid. */
export const clickHouse = { type: "grafana-clickhouse-datasource", uid: "plumbline-clickhouse" } as const;

/** Answer formats of Grafana's ClickHouse data source. */
export const formats = { timeSeries: 0, table: 1 } as const;

/** Version of the data source plugin whose target format this is. */
const pluginVersion = "4.20.0";

/** A query of Grafana's ClickHouse data source, as its editor saves it. */
export interface ClickHouseQuery extends Dataquery {
  readonly refId: string;
  readonly datasource: typeof clickHouse;
  readonly pluginVersion: string;
  readonly editorType: "sql";
  readonly queryType: "timeseries" | "table";
  readonly format: (typeof formats)[keyof typeof formats];
  readonly rawSql: string;
  readonly meta: Readonly<Record<string, never>>;
}

/** A target of a panel, in the form the SDK's panel builders take; the SDK has none for ClickHouse. */
export const clickHouseTarget = (
  queryType: ClickHouseQuery["queryType"],
  rawSql: string,
): Builder<ClickHouseQuery> => ({
  build: () => ({
    refId: "A",
    datasource: clickHouse,
    pluginVersion,
    editorType: "sql",
    queryType,
    format: queryType === "timeseries" ? formats.timeSeries : formats.table,
    rawSql,
    meta: {},
    // The SDK's mark of a data query; JSON leaves functions out.
    _implementsDataqueryVariant: () => {},
  }),
});
