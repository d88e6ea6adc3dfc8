import type { MeasureCall } from "./measure-call.ts";
import type { PriceCall } from "./price-call.ts";

/** What is added to a call when it is normalised. Both are pure, and never throw what stops a partition. */
export interface CallSteps {
  readonly priceCall: PriceCall;
  readonly measureCall: MeasureCall;
}
