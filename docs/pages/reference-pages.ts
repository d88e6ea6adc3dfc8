import { configSchema } from "../../app/config-schema.ts";
import { tables } from "../../store/catalogue.ts";
import { capabilitiesPage } from "./capabilities-page.ts";
import { columnsPage } from "./columns-page.ts";
import { configPage } from "./config-page.ts";
import { errorsPage } from "./errors-page.ts";
import { measuresPage } from "./measures-page.ts";
import { metricsPage } from "./metrics-page.ts";
import { rulesPage } from "./rules-page.ts";

/** A generated page of docs/reference/: its name without the ending, and its whole text. */
export interface ReferencePage {
  readonly name: string;
  readonly text: string;
}

/** Every generated page, from the catalogues in the code. */
export const referencePages = (): readonly ReferencePage[] => [
  { name: "capabilities", text: capabilitiesPage() },
  { name: "columns", text: columnsPage(tables) },
  { name: "config", text: configPage(configSchema) },
  { name: "errors", text: errorsPage() },
  { name: "measures", text: measuresPage() },
  { name: "metrics", text: metricsPage() },
  { name: "rules", text: rulesPage() },
];
