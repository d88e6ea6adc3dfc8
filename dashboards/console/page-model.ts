import { questionNames, questions } from "../../store/questions.ts";
import type { Page } from "../page.ts";
import type { PageModel, TryNext } from "./page/page-model.ts";

/** What the live page is told about itself: a dashboard's rows and filters, and how to begin when there is no data. */
export const pageModel = (page: Page, refreshSeconds: number, tryNext: readonly TryNext[]): PageModel => ({
  title: page.title,
  refreshSeconds,
  rows: page.rows,
  filters: page.filters,
  dimensions: Object.fromEntries(questionNames.map((name) => [name, questions[name].dimensions])),
  emptyWhen: page.emptyWhen,
  tryNext,
});
