import type { CanaryAction, CanaryTold } from "./canary-told.ts";
import { el, setText } from "./dom.ts";
import { formatAge } from "./durations.ts";
import { formatValue } from "./format.ts";

/** One canary on the page. */
export interface CanaryCard {
  readonly element: HTMLElement;
  /** Shows where it stands, and keeps the focus where it is. */
  readonly update: (told: CanaryTold, nowMs: number) => void;
}

const words: Readonly<Record<CanaryTold["status"], string>> = {
  running: "Running",
  held: "Held",
  promoted: "Promoted",
  rolled_back: "Rolled back",
  aborted: "Aborted",
  invalid: "Invalid",
};

/** Creates the card of a canary; `onEnd` runs when a person wants it to end. */
export const createCanaryCard = (onEnd: (told: CanaryTold, action: CanaryAction) => void): CanaryCard => {
  let current: CanaryTold | null = null;
  const name = el("h3");
  const route = el("span", { class: "on" });
  const status = el("span", { class: "chip" });
  const button = (action: CanaryAction, title: string): HTMLButtonElement =>
    el("button", { class: `quiet ${action}`, type: "button" }, title);
  const [abort, promote] = [button("abort", "Abort"), button("promote", "Promote")];
  abort.addEventListener("click", () => current && onEnd(current, "abort"));
  promote.addEventListener("click", () => current && onEnd(current, "promote"));
  const actions = el("div", { class: "actions" }, abort, promote);
  const stages = el("ol", { class: "stages", "aria-label": "Stages" });
  const evidence = createEvidence();
  const [stage, calls, needed, age] = [fact("Stage"), fact("Calls"), fact("Still needed"), fact("Began")];
  const says = el("p", { class: "says" });
  const element = el(
    "article",
    { class: "card canary" },
    el("header", {}, name, route, status, actions),
    stages,
    el(
      "div",
      { class: "canary-body" },
      evidence.element,
      el("dl", { class: "facts" }, ...[stage, calls, needed, age].map((one) => one.element)),
    ),
    says,
  );
  const update = (told: CanaryTold, nowMs: number): void => {
    current = told;
    const isUnderWay = told.endedAtMs === null;
    element.dataset["status"] = told.status;
    setText(name, told.candidate);
    setText(route, `on ${told.route}`);
    setText(status, words[told.status]);
    abort.setAttribute("aria-label", `Abort the canary ${told.candidate}`);
    promote.setAttribute("aria-label", `Promote the canary ${told.candidate}`);
    abort.hidden = !(isUnderWay || told.status === "promoted");
    promote.hidden = !isUnderWay;
    drawStages(stages, told);
    evidence.update(told);
    stage.update(`${told.stage.index + 1} of ${told.stage.count} · ${shareOf(told)}`);
    calls.update(`${formatValue(told.candidateCalls, "calls")} vs ${formatValue(told.baselineCalls, "calls")}`);
    needed.update(neededOf(told));
    age.update(formatAge(nowMs - told.startedAtMs));
    setText(says, told.waitsFor === null ? told.says : `${told.says} — waits for ${told.waitsFor} to be allowed`);
  };
  return { element, update };
};

const shareOf = ({ share, stage }: CanaryTold): string =>
  share === null ? `${stage.name}, by others` : formatValue(share, "ratio");

/** What is over needs nothing any more. */
const neededOf = ({ neededCalls, endedAtMs }: CanaryTold): string => {
  if (endedAtMs !== null) return formatValue(null, "calls");
  return neededCalls === null ? "not known yet" : formatValue(neededCalls, "calls");
};

const fact = (title: string) => {
  const value = el("dd");
  return {
    element: el("div", {}, el("dt", {}, title), value),
    update: (text: string): void => setText(value, text),
  };
};

/** A step for each stage: those behind it, the one it is in, and those ahead. */
const drawStages = (list: HTMLElement, { stage, status }: CanaryTold): void => {
  const place = status === "promoted" ? stage.count : stage.index;
  const shown = `${place} ${stage.count}`;
  if (list.dataset["shown"] === shown) return;
  list.dataset["shown"] = shown;
  list.replaceChildren(
    ...Array.from({ length: stage.count }, (_, index) =>
      el("li", {
        "data-place": index < place ? "behind" : index === place ? "here" : "ahead",
        "aria-current": index === place ? "step" : null,
        "aria-label": `Stage ${index + 1}`,
      }),
    ),
  );
};

/** Evidence of harm against the bound at which a canary is taken back; below 0 it speaks for the candidate, and the bar is empty. */
const createEvidence = () => {
  const text = el("span", { class: "evidence-text" });
  const bar = el("div", { class: "bar-fill" });
  const meter = el(
    "div",
    { class: "evidence-bar", role: "meter", "aria-label": "Evidence of harm", "aria-valuemin": 0 },
    bar,
  );
  return {
    element: el(
      "div",
      { class: "evidence" },
      el("div", { class: "evidence-head" }, el("span", {}, "Evidence of harm"), text),
      meter,
    ),
    update: ({ logEvidence, logBound }: CanaryTold): void => {
      const part = Math.min(1, Math.max(0, logEvidence / logBound));
      bar.style.setProperty("--part", String(part));
      meter.dataset["standing"] = part >= 1 ? "bad" : part >= 0.5 ? "warn" : "good";
      meter.setAttribute("aria-valuemax", logBound.toFixed(1));
      meter.setAttribute("aria-valuenow", Math.max(0, logEvidence).toFixed(1));
      setText(text, `${logEvidence.toFixed(1)} of ${logBound.toFixed(1)}`);
    },
  };
};
