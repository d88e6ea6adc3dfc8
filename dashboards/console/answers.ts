import type { Clock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import type { QuestionName } from "../../store/questions.ts";
import type { AskParameters } from "./question-request.ts";

/** A row of an answer, by column name. */
export type AnswerRow = Readonly<Record<string, unknown>>;

/** Asks the store. */
export type Ask = (question: QuestionName, parameters: AskParameters) => Promise<readonly AnswerRow[]>;

/** What bounds the questions under way. */
export interface AnswerLimits {
  readonly ask: Ask;
  readonly clock: Clock;
  /** Milliseconds after which a caller is told to come back. */
  readonly deadlineMs: number;
  /** Questions under way above which further ones are refused at once. */
  readonly maxUnderWay: number;
}

/** Bounds an `Ask` in time and in number, so that a store that hangs cannot fill this process; both end in `store.unavailable`. */
export const boundAsk = ({ ask, clock, deadlineMs, maxUnderWay }: AnswerLimits): Ask => {
  let underWay = 0;
  return async (question, parameters) => {
    if (underWay >= maxUnderWay) {
      throw new PlumblineError("store.unavailable", `The store is behind: ${underWay} questions are under way.`);
    }
    underWay += 1;
    const answered = new AbortController();
    const answer = ask(question, parameters).finally(() => {
      underWay -= 1;
      answered.abort();
    });
    const deadline = clock.sleep(deadlineMs, answered.signal).then(() => null);
    const first = await Promise.race([answer, deadline]);
    if (first !== null) return first;
    if (answered.signal.aborted) return answer;
    answer.catch(() => {});
    throw new PlumblineError("store.unavailable", `The store did not answer within ${deadlineMs / 1000} s.`);
  };
};
