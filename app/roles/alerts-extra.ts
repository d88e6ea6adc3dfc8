import type { Alerts } from "../../alerts/alerts.ts";
import type { AlertsApi } from "../../alerts/api/alerts-api.ts";
import { createAlertsApi } from "../../alerts/api/alerts-api.ts";
import { isApiPath } from "../../alerts/api/api-routes.ts";
import { errorReply } from "../../alerts/api/replies.ts";
import type { Extra } from "../../dashboards/console/extra.ts";
import type { Runtime } from "../runtime.ts";

/**
 * What the alerts role answers on the console's port. While another process leads there is nobody here who could; its console
 * answers then.
 */
export const alertsExtra = (runtime: Runtime, current: () => Alerts | null): Extra => {
  const { clock, meter, settings } = runtime;
  const { api: config, canaries } = settings.config.alerts;
  const apis = new WeakMap<Alerts, AlertsApi>();
  const apiOf = (alerts: Alerts): AlertsApi => {
    const { rollouts, desk, baselines } = alerts;
    const api = apis.get(alerts) ?? createAlertsApi({ rollouts, desk, baselines, config, canaries, clock, meter });
    apis.set(alerts, api);
    return api;
  };
  return async (request) => {
    const alerts = current();
    if (alerts !== null) {
      return apiOf(alerts)(request);
    }
    return isApiPath(request.path)
      ? errorReply("canary.elsewhere", "No process here issues verdicts: another one leads, or none does yet.")
      : null;
  };
};
