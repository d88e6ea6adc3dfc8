import type { Notification } from "../../../alerts/delivery/group.ts";
import { alertOf, startMs } from "./alerts.ts";

/** A notification of one alert that fires, with what a test changes of it. */
export const notificationOf = (more: Partial<Notification> = {}): Notification => ({
  id: "0123456789abcdef0123456789abcdef",
  receiver: "hook",
  groupKey: '{}@hook:{route="chat"}',
  groupLabels: { route: "chat" },
  reason: "first",
  alerts: [alertOf({ alertname: "Slow", route: "chat", severity: "page" })],
  plannedAtMs: startMs,
  ...more,
});
