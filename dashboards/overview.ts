import type { Page } from "./page.ts";
import { providersTable, refusalsByModel, routesTable, targetsTable } from "./panels/alerts.ts";
import { drift, findings } from "./panels/drift.ts";
import { badFeedback, feedbackScores } from "./panels/feedback.ts";
import { alertsTable, canariesTable, notificationsTable, verdictsTable } from "./panels/loop.ts";
import { costByModel, modelsTable, tokens, ttftByModel } from "./panels/models.ts";
import { completeness, freshness, gateways, missingTotal, silentGateways } from "./panels/pipeline.ts";
import { callsTotal, costTotal, errorRatio, outputTokensTotal } from "./panels/totals.ts";
import { callsByRoute, errorsByRoute, outcomes } from "./panels/traffic.ts";

/** The first page: what is called, what fails, what it costs, how fast it is, and whether these numbers can be trusted. */
export const overview: Page = {
  uid: "plumbline-overview",
  title: "Plumbline",
  description:
    "Calls, errors, cost, latency and tokens of LLM traffic, and the health of the pipeline that measures them.",
  emptyWhen: { question: "totals", column: "calls" },
  filters: [
    { dimension: "route", label: "Route", plural: "routes", question: "calls" },
    { dimension: "model", label: "Model", plural: "models", question: "models" },
  ],
  rows: [
    {
      title: "At a glance",
      panels: [
        { panel: callsTotal, width: 6, height: 4 },
        { panel: errorRatio, width: 6, height: 4 },
        { panel: costTotal, width: 6, height: 4 },
        { panel: outputTokensTotal, width: 6, height: 4 },
      ],
    },
    {
      title: "Traffic",
      panels: [
        { panel: callsByRoute, width: 8, height: 8 },
        { panel: errorsByRoute, width: 8, height: 8 },
        { panel: outcomes, width: 8, height: 8 },
      ],
    },
    {
      title: "Models",
      panels: [
        { panel: ttftByModel, width: 12, height: 8 },
        { panel: costByModel, width: 12, height: 8 },
        { panel: modelsTable, width: 15, height: 8 },
        { panel: tokens, width: 9, height: 8 },
        { panel: routesTable, width: 24, height: 7 },
        { panel: targetsTable, width: 24, height: 7 },
        { panel: providersTable, width: 24, height: 7 },
      ],
    },
    {
      title: "Answers",
      panels: [
        { panel: refusalsByModel, width: 24, height: 8 },
        { panel: findings, width: 24, height: 8 },
        { panel: drift, width: 24, height: 8 },
        { panel: feedbackScores, width: 12, height: 8 },
        { panel: badFeedback, width: 12, height: 8 },
      ],
    },
    {
      title: "Actions",
      panels: [
        { panel: canariesTable, width: 24, height: 6 },
        { panel: verdictsTable, width: 24, height: 7 },
        { panel: alertsTable, width: 24, height: 7 },
        { panel: notificationsTable, width: 24, height: 6 },
      ],
    },
    {
      title: "Pipeline",
      panels: [
        { panel: missingTotal, width: 12, height: 4 },
        { panel: silentGateways, width: 12, height: 4 },
        { panel: freshness, width: 12, height: 8 },
        { panel: completeness, width: 12, height: 8 },
        { panel: gateways, width: 24, height: 7 },
      ],
    },
  ],
};
