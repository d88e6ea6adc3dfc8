import type { Labels } from "../../core/alert.ts";

/** What a look found of a series. */
export interface Sample {
  /** Null where there is nothing at all to compare, which is a finding of its own. */
  readonly value: number | null;
  /** Whether the rule's condition holds. */
  readonly isOver: boolean;
  readonly annotations: Labels;
}
