import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableSortByFieldStateBuilder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { Panel as GrafanaPanel, Threshold } from "@grafana/grafana-foundation-sdk/dashboard";
import { ThresholdsConfigBuilder, ThresholdsMode } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeseriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { PlacedPanel } from "../page.ts";
import type { StatPanel, TablePanel, Thresholds, TimeseriesPanel } from "../panel.ts";
import { clickHouse, clickHouseTarget } from "./clickhouse-target.ts";
import { panelSql } from "./sql.ts";
import { grafanaUnit } from "./units.ts";

/** Rollups are by minute, so Grafana must not ask for narrower buckets. */
const narrowestBucket = "1m";

const colors = { good: "green", warn: "orange", bad: "red" } as const;

const stepsOf = ({ badWhen, warn, bad }: Thresholds): Threshold[] =>
  badWhen === "above"
    ? [
        { value: null, color: colors.good },
        { value: warn, color: colors.warn },
        { value: bad, color: colors.bad },
      ]
    : [
        { value: null, color: colors.bad },
        { value: bad, color: colors.warn },
        { value: warn, color: colors.good },
      ];

const renderStat = (panel: StatPanel, filters: readonly string[]): StatBuilder => {
  const builder = new StatBuilder()
    .unit(grafanaUnit(panel.value.unit))
    .graphMode(BigValueGraphMode.None)
    .colorMode(panel.thresholds === null ? BigValueColorMode.None : BigValueColorMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
    .withTarget(clickHouseTarget("table", panelSql(panel, filters)));
  if (panel.thresholds === null) return builder;
  return builder.thresholds(
    new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(stepsOf(panel.thresholds)),
  );
};

const displayName = ({ series, values }: TimeseriesPanel): string => {
  const labels = series.map((column) => `\${__field.labels.${column}}`);
  const isNamedByValue = labels.length === 0 || values.length > 1;
  return [...labels, ...(isNamedByValue ? ["${__field.name}"] : [])].join(" ");
};

const renderTimeseries = (panel: TimeseriesPanel, filters: readonly string[]): TimeseriesBuilder => {
  const builder = new TimeseriesBuilder()
    .unit(grafanaUnit(panel.values[0]?.unit ?? "none"))
    .interval(narrowestBucket)
    .min(0)
    .displayName(displayName(panel))
    .showPoints(VisibilityMode.Auto)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .withTarget(clickHouseTarget("timeseries", panelSql(panel, filters)));
  if (panel.shape === "line") return builder.lineWidth(2);
  return builder
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(80)
    .lineWidth(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group("A"));
};

const renderTable = (panel: TablePanel, filters: readonly string[]): TableBuilder => {
  const sortTitle = panel.values.find(({ column }) => column === panel.sortBy)?.title ?? "";
  const builder = new TableBuilder()
    .sortBy([new TableSortByFieldStateBuilder().displayName(sortTitle).desc(true)])
    .withTarget(clickHouseTarget("table", panelSql(panel, filters)));
  for (const { title, unit, thresholds } of panel.values) {
    const bounds =
      thresholds === undefined
        ? []
        : [
            { id: "thresholds", value: { mode: "absolute", steps: stepsOf(thresholds) } },
            { id: "custom.cellOptions", value: { type: "color-text" } },
          ];
    builder.overrideByName(title, [{ id: "unit", value: grafanaUnit(unit) }, ...bounds]);
  }
  return builder;
};

const renderKind = (
  panel: PlacedPanel["panel"],
  filters: readonly string[],
): StatBuilder | TimeseriesBuilder | TableBuilder => {
  switch (panel.kind) {
    case "stat":
      return renderStat(panel, filters);
    case "timeseries":
      return renderTimeseries(panel, filters);
    case "table":
      return renderTable(panel, filters);
  }
};

/** A panel for Grafana at its place on the page; `filters` are the dashboard variables its query heeds. */
export const renderPanel = (placed: PlacedPanel, id: number, filters: readonly string[]): Builder<GrafanaPanel> => {
  const { panel, width, height } = placed;
  return renderKind(panel, filters)
    .id(id)
    .title(panel.title)
    .description(panel.description)
    .datasource(clickHouse)
    .span(width)
    .height(height);
};
