import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { overview } from "../overview.ts";
import { renderDashboard } from "./render.ts";

/** A generated file: its path from the repository's root, and the text it should have. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** The dashboards that are committed, one JSON file each. */
export const grafanaFiles = (): readonly GeneratedFile[] => [
  { path: "dashboards/grafana/overview.json", text: `${JSON.stringify(renderDashboard(overview), null, 2)}\n` },
];

const locate = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const readText = (path: string): string | null => {
  try {
    return readFileSync(locate(path), "utf8");
  } catch {
    return null;
  }
};

/** Paths of the files that are not as they should be. */
export const staleGrafanaFiles = (): readonly string[] =>
  grafanaFiles()
    .filter(({ path, text }) => readText(path) !== text)
    .map(({ path }) => path);

if (import.meta.main) {
  if (process.argv.includes("--check")) {
    const stale = staleGrafanaFiles();
    for (const path of stale) console.error(`${path} is not current: run \`node dashboards/grafana/generate.ts\`.`);
    process.exitCode = stale.length === 0 ? 0 : 1;
  } else {
    for (const { path, text } of grafanaFiles()) writeFileSync(locate(path), text);
  }
}
