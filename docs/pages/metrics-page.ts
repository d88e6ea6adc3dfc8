import type { Instrument } from "../../core/instruments.ts";
import { instruments } from "../../core/instruments.ts";
import { code, markdownTable } from "./markdown-table.ts";

/** The reference of metrics, from the instrument catalogue. */
export const metricsPage = (): string => {
  const catalogue: readonly Instrument[] = Object.values(instruments);
  const rows = catalogue.map(({ name, type, labels, help }) => [code(name), type, labels.map(code).join(", "), help]);
  return `# Metrics

What \`/metrics\` of every process shows in Prometheus' text format. Units are base units: seconds, bytes, or a plain count.
A process shows the metrics of the roles it runs.

${markdownTable(["metric", "type", "labels", "meaning"], rows)}
`;
};
