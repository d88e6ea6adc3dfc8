import type { Answer } from "./answers.ts";
import { askAll } from "./answers.ts";
import type { Asked } from "./api.ts";
import type { PageModel } from "./page-model.ts";
import type { TimeWindow } from "./ranges.ts";
import type { Selection } from "./selection.ts";
import type { PanelView } from "./view.ts";
import { valuesOf, whereFor } from "./where.ts";

/** A question of one round, and what its answer is for. */
interface RoundQuestion extends Asked {
  /** The dimension whose values the answer tells; null when it is for panels. */
  readonly valuesFor: string | null;
}

/** One round: every question that a panel or a filter needs, each asked once. */
export interface Round {
  readonly model: PageModel;
  readonly panels: readonly PanelView[];
  readonly selection: Selection;
  readonly window: TimeWindow;
  /** Runs as each answer comes, with all the answers so far. */
  readonly onAnswer: (question: string, answers: ReadonlyMap<string, Answer>) => void;
  /** Runs with the values that a filter can take. */
  readonly onValues: (dimension: string, values: readonly string[]) => void;
}

const questionsOf = ({ model, panels, selection, window }: Round): readonly RoundQuestion[] => {
  const ask = (question: string, valuesFor: string | null): RoundQuestion => {
    const where = whereFor(selection.where, model.dimensions[question] ?? [], valuesFor ?? undefined);
    return { question, window, where, valuesFor };
  };
  const forPanels = [...new Set(panels.flatMap((panel) => panel.questions))].map((question) => ask(question, null));
  // A filter in use hides the other values of its own dimension, so these are asked for apart.
  const inUse = model.filters.filter(({ dimension }) => selection.where[dimension] !== undefined);
  return [...forPanels, ...inUse.map(({ dimension, question }) => ask(question, dimension))];
};

/** Asks a round; returns how many questions of panels were answered. */
export const askRound = async (round: Round, signal: AbortSignal): Promise<number> => {
  const { model, selection, onAnswer, onValues } = round;
  const answers = new Map<string, Answer>();
  const tellValues = (dimension: string, answer: Answer): void => {
    if (!(answer instanceof Error)) onValues(dimension, valuesOf(answer, dimension, selection.where[dimension]));
  };
  await askAll(questionsOf(round), signal, ({ question, valuesFor }, answer) => {
    if (valuesFor !== null) {
      tellValues(valuesFor, answer);
      return;
    }
    answers.set(question, answer);
    onAnswer(question, answers);
    for (const filter of model.filters) {
      const isFree = selection.where[filter.dimension] === undefined;
      if (filter.question === question && isFree) tellValues(filter.dimension, answer);
    }
  });
  return [...answers.values()].filter((answer) => !(answer instanceof Error)).length;
};
