import type { AnswerOut } from "../answer-out.ts";

const nothing = (): void => {};

/** Takes an answer that nobody gets: it is never held back, so that it is read as it comes. */
export const noCaller: AnswerOut = {
  hasStarted: false,
  hasTime: false,
  isHeld: false,
  setHead: nothing,
  sendHeadSoon: nothing,
  write: nothing,
  writeNow: nothing,
  end: nothing,
  endWhole: nothing,
  endWithError: nothing,
  destroy: nothing,
};
