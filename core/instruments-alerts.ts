/** The instruments of the alerts, which the catalogue takes up. */
export const alertInstruments = {
  alertsActive: {
    name: "plumbline_alerts_active",
    type: "gauge",
    help: "Alerts that are pending or firing.",
    labels: ["state"],
  },
  rulesParked: {
    name: "plumbline_rules_parked",
    type: "gauge",
    help: "Alert rules that failed and are only tried again each minute; the others go on.",
    labels: [],
  },
  ruleFailures: {
    name: "plumbline_rule_failures_total",
    type: "counter",
    help: "Looks at an alert rule that failed.",
    labels: ["rule"],
  },
  ruleSeriesDropped: {
    name: "plumbline_rule_series_dropped",
    type: "gauge",
    help: "Series that alert rules did not look at, since a rule had more than alerts.rules.maxSeries.",
    labels: [],
  },
  apiRequests: {
    name: "plumbline_alerts_api_requests_total",
    type: "counter",
    help: "Requests to the API of canaries and to its hooks, by what was asked and by the status of the answer.",
    labels: ["asked", "status"],
  },
  probeCalls: {
    name: "plumbline_probe_calls_total",
    type: "counter",
    help: "Prompts of probes: answered, failed, or not asked since the price is not known or the budget is used up.",
    labels: ["route", "result"],
  },
} as const;
