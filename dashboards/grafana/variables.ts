import { QueryVariableBuilder, VariableRefresh, VariableSort } from "@grafana/grafana-foundation-sdk/dashboard";
import type { PageFilter } from "../page.ts";
import { clickHouse } from "./clickhouse-target.ts";
import { allValue, expandQuestion } from "./sql.ts";

/** The values of a dimension do not depend on buckets, and Grafana has no interval where a variable is asked for. */
const valuesSql = ({ dimension, question }: PageFilter): string => {
  const sql = expandQuestion(question, []).replaceAll("$__interval_s", "86400");
  return `SELECT DISTINCT ${dimension} FROM (\n${sql}\n) ORDER BY ${dimension}`;
};

/** The query variable of a filter: many values at once, all of them by default, read again when the range changes. */
export const renderVariable = (filter: PageFilter): QueryVariableBuilder =>
  new QueryVariableBuilder(filter.dimension)
    .label(filter.label)
    .datasource(clickHouse)
    .query({ editorType: "sql", rawSql: valuesSql(filter) })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(allValue)
    .current({ selected: true, text: "All", value: "$__all" });
