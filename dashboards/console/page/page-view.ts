import type { Answer } from "./answers.ts";
import { CanariesView } from "./canaries-view.ts";
import { createPanel } from "./create-panel.ts";
import { byId, el, setText } from "./dom.ts";
import { drawEmpty } from "./empty.ts";
import type { FilterMenus } from "./filters.ts";
import { createFilterMenus } from "./filters.ts";
import { toNumber } from "./numbers.ts";
import type { PageModel } from "./page-model.ts";
import { createPalette } from "./palette.ts";
import type { TimeWindow } from "./ranges.ts";
import { rangeById, ranges, windowOf } from "./ranges.ts";
import { Refresher } from "./refresher.ts";
import { askRound } from "./round.ts";
import type { Segments } from "./segments.ts";
import { createSegments } from "./segments.ts";
import type { Selection } from "./selection.ts";
import { selectionInUrl, urlOf } from "./selection.ts";
import { Status } from "./status.ts";
import { bindTheme } from "./theme.ts";
import { TrustLine } from "./trust-line.ts";
import type { PanelView } from "./view.ts";

const drawSections = ({ rows }: PageModel): readonly PanelView[] => {
  const context = { palette: createPalette() };
  const sections = rows.map(({ title, panels }) => ({
    title,
    views: panels.map((placed) => createPanel(placed, context)),
  }));
  byId("rows").replaceChildren(
    ...sections.map(({ title, views }) => {
      const grid = el("div", { class: "grid" }, ...views.map(({ element }) => element));
      return el("section", { class: "row", "aria-label": title }, el("h2", {}, title), grid);
    }),
  );
  return sections.flatMap(({ views }) => views);
};

/** The whole page: it holds the selection, asks the questions of all panels in rounds, and hands each panel its answers. */
export class PageView {
  readonly #model: PageModel;
  readonly #panels: readonly PanelView[];
  readonly #status = new Status();
  readonly #trust = new TrustLine();
  readonly #canaries = new CanariesView(() => this.#refresher.now());
  readonly #refresher: Refresher;
  readonly #segments: Segments;
  readonly #menus: FilterMenus;
  #selection: Selection;

  constructor(model: PageModel) {
    this.#model = model;
    this.#selection = this.#inUrl();
    this.#panels = drawSections(model);
    byId("rows").firstElementChild?.after(this.#canaries.element);
    this.#refresher = new Refresher({
      intervalMs: model.refreshSeconds * 1000,
      refresh: (signal) => this.#refresh(signal),
    });
    this.#segments = createSegments({
      name: "Time range",
      items: ranges,
      selected: this.#selection.range.id,
      onSelect: (id) => this.#choose({ ...this.#selection, range: rangeById(id) }),
    });
    this.#menus = createFilterMenus(model.filters, this.#selection.where, (dimension, value) => {
      const { [dimension]: _, ...others } = this.#selection.where;
      this.#choose({ ...this.#selection, where: value === null ? others : { ...others, [dimension]: value } });
    });
  }

  /** Binds the controls and begins to refresh. */
  start(): void {
    byId("ranges").replaceWith(this.#segments.element);
    byId("filters").replaceChildren(...this.#menus.elements);
    bindTheme(byId("theme"), () => {
      for (const panel of this.#panels) panel.repaint();
    });
    byId("pause").addEventListener("click", () => this.#togglePause());
    addEventListener("popstate", () => this.#showSelection(this.#inUrl()));
    document.addEventListener("visibilitychange", () => {
      if (!(document.hidden || this.#refresher.isPaused)) this.#refresher.now();
    });
    setInterval(this.#status.tick, 1000);
    this.#refresher.now();
  }

  readonly #inUrl = (): Selection => selectionInUrl(this.#model.filters, new URL(location.href));

  readonly #refresh = async (signal: AbortSignal): Promise<void> => {
    const window = windowOf(this.#selection.range, Date.now());
    const others = Promise.all([this.#trust.refresh(signal), this.#canaries.refresh(signal)]);
    const answered = await askRound(
      {
        model: this.#model,
        panels: this.#panels,
        selection: this.#selection,
        window,
        onAnswer: (question, answers) => this.#show(question, answers, window),
        onValues: this.#menus.offer,
      },
      signal,
    );
    await others;
    if (signal.aborted) return;
    if (answered === 0) this.#status.set("failing");
    else this.#status.set(this.#refresher.isPaused ? "paused" : "live", Date.now());
  };

  readonly #show = (question: string, answers: ReadonlyMap<string, Answer>, window: TimeWindow): void => {
    if (question === this.#model.emptyWhen.question) this.#showEmpty(answers.get(question));
    for (const panel of this.#panels) if (panel.questions.includes(question)) panel.update(answers, window);
  };

  readonly #showEmpty = (answer: Answer | undefined): void => {
    if (answer === undefined || answer instanceof Error) return;
    const isEmpty = (toNumber(answer[0]?.[this.#model.emptyWhen.column]) ?? 0) === 0;
    const empty = byId("empty");
    const shown = JSON.stringify(this.#selection);
    if (isEmpty && empty.dataset["shown"] !== shown) {
      drawEmpty(empty, { selection: this.#selection, tryNext: this.#model.tryNext, onChoose: this.#choose });
      empty.dataset["shown"] = shown;
    }
    empty.hidden = !isEmpty;
    byId("rows").hidden = isEmpty;
  };

  /** A selection goes into the URL, so that the view can be shared and the Back button leads to the last one. */
  readonly #choose = (selection: Selection): void => {
    const url = urlOf(selection, this.#model.filters, new URL(location.href));
    if (url.href !== location.href) history.pushState(null, "", url);
    this.#showSelection(selection);
  };

  readonly #showSelection = (selection: Selection): void => {
    this.#selection = selection;
    this.#segments.select(selection.range.id);
    this.#menus.select(selection.where);
    this.#refresher.now();
  };

  readonly #togglePause = (): void => {
    const button = byId("pause");
    if (this.#refresher.isPaused) this.#refresher.resume();
    else this.#refresher.pause();
    const { isPaused } = this.#refresher;
    button.setAttribute("aria-pressed", String(isPaused));
    setText(button, isPaused ? "Resume" : "Pause");
    this.#status.set(isPaused ? "paused" : "loading");
  };
}
