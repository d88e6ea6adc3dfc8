import type { Panel } from "../../panel.ts";

/** What a panel says that has nothing to show: what would fill it. */
export const emptyText = ({
  kind,
  filledBy = "calls through the gateway",
}: Pick<Panel, "kind" | "filledBy">): string =>
  // A number has little room, and stands among others that say as much.
  kind === "stat" ? "Nothing in this range." : `No data in this range. It is filled by ${filledBy}.`;
