import type { Refusal } from "../refusal.ts";
import type { Route } from "../route-table.ts";
import type { ChargedEnd } from "./charge-of.ts";
import type { CallOwner } from "./subjects-of.ts";
import type { TokenBounds } from "./token-bounds.ts";

/** A call that asks to be let in. */
export interface BudgetRequest extends CallOwner {
  readonly route: Route;
  /** The model that the caller asks for. */
  readonly model: string;
  /** Whether a model without a price must be refused. */
  readonly needsPrice: boolean;
  /** Most tokens it can come to, where a model takes at most so many; null where that is not known. */
  readonly bounds: (contextWindow: number | null) => TokenBounds;
}

/** What an admitted call has reserved. */
export interface BudgetHold {
  /** Charges the call what it came to, at the target `provider/model` that served it. */
  readonly settle: (end: ChargedEnd, target: string) => void;
  /** Charges an attempt that was lost, and reserves another; false where no budget allows one, and then the call is settled. */
  readonly retry: (end: ChargedEnd, target: string) => boolean;
  /** Reserves the worst case once more, for a second attempt beside the one under way; null where no hard budget has room for it. */
  readonly beside: () => BudgetHold | null;
  /** Gives back everything: the call was never sent. */
  readonly release: () => void;
}

/** Why a call is not let in. */
export type RefusedCall =
  | {
      readonly ok: false;
      readonly outcome: "over_budget" | "rate_limited";
      readonly refusal: Refusal;
      readonly retryAfterS: number;
    }
  /** No call can be made of it, whatever is spent. */
  | { readonly ok: false; readonly outcome: null; readonly refusal: Refusal };

/** A call that is let in, or why it is not. */
export type Admission = { readonly ok: true; readonly hold: BudgetHold } | RefusedCall;

/** What the limits that a call falls under ask for. */
export interface BudgetDemands {
  /** Whether there are any. */
  readonly isCounted: boolean;
  /** Whether a call must have a bound on its output. */
  readonly boundsOutput: boolean;
  /** Whether a model without a price must be refused. */
  readonly needsPrice: boolean;
}
