import type { PlacedPanel } from "../../page.ts";
import { ChartPanel } from "./chart-panel.ts";
import { createStatPanel } from "./stat-panel.ts";
import { TablePanelView } from "./table-panel.ts";
import type { PanelContext, PanelView } from "./view.ts";

/** Creates the view of a panel of any kind. */
export const createPanel = (placed: PlacedPanel, context: PanelContext): PanelView => {
  const { panel } = placed;
  switch (panel.kind) {
    case "stat":
      return createStatPanel(placed, panel);
    case "timeseries":
      return new ChartPanel(placed, panel, context);
    case "table":
      return new TablePanelView(placed, panel, context);
  }
};
