import type { ReadRows } from "./read-answers.ts";
import type { RuleKeeper } from "./rule-keeper.ts";
import type { RuleState } from "./rule-state.ts";

/** How a look at a rule went; the error is null where it went well. */
export interface Look {
  readonly keeper: RuleKeeper;
  readonly state: RuleState | null;
  readonly error: unknown;
}

/** Looks at a rule, and catches what fails: the others are to be looked at as well. */
export const lookAt = async (keeper: RuleKeeper, read: ReadRows, nowMs: number): Promise<Look> => {
  try {
    return { keeper, state: await keeper.look(read, nowMs), error: null };
  } catch (error) {
    return { keeper, state: null, error };
  }
};
