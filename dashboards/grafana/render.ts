import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { DashboardBuilder, DashboardCursorSync, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Page } from "../page.ts";
import { renderPanel } from "./panels.ts";
import { renderVariable } from "./variables.ts";

/** A page as a Grafana dashboard: the same panels in the same rows, with filters on route and model. */
export const renderDashboard = (page: Page): Dashboard => {
  const filters = page.filters.map(({ dimension }) => dimension);
  const builder = new DashboardBuilder(page.title)
    .uid(page.uid)
    .description(page.description)
    .tags(["plumbline", "llm"])
    .readonly()
    .refresh("10s")
    .time({ from: "now-1h", to: "now" })
    .tooltip(DashboardCursorSync.Crosshair);
  for (const filter of page.filters) builder.withVariable(renderVariable(filter));
  let id = 0;
  for (const row of page.rows) {
    id += 1;
    builder.withRow(new RowBuilder(row.title).id(id));
    for (const placed of row.panels) {
      id += 1;
      builder.withPanel(renderPanel(placed, id, filters));
    }
  }
  return builder.build();
};
