import type { Alerts } from "../../alerts/alerts.ts";
import type { AlertsApi } from "../../alerts/api/alerts-api.ts";
import { createAlertsApi } from "../../alerts/api/alerts-api.ts";
import { createFollowingApi } from "../../alerts/api/following-api.ts";
import type { Extra } from "../../dashboards/console/extra.ts";
import type { Store } from "../../store/store.ts";
import type { Runtime } from "../runtime.ts";

/** What the alerts role answers on the console's port; while another process leads, only what changes nothing. */
export const alertsExtra = (
  runtime: Runtime,
  {
    store,
    current,
  }: { readonly store: Pick<Store, "saveEvents" | "readStates">; readonly current: () => Promise<Alerts | null> },
): Extra => {
  const { clock, meter, settings } = runtime;
  const { api: config, canaries, externalUrl } = settings.config.alerts;
  const outside = { store, config: settings.config.alerts.delivery, externalUrl, clock, meter };
  const apis = new WeakMap<Alerts, AlertsApi>();
  const apiOf = (alerts: Alerts): AlertsApi => {
    const { rollouts, desk, delivery, baselines } = alerts;
    const parts = { rollouts, desk, delivery, baselines, outside };
    const api = apis.get(alerts) ?? createAlertsApi({ ...parts, config, canaries, clock, meter });
    apis.set(alerts, api);
    return api;
  };
  const follow = createFollowingApi({ store, outside, config, canaries, clock, meter });
  return async (request) => {
    const alerts = await current();
    return alerts === null ? follow(request) : apiOf(alerts)(request);
  };
};
