import type { PickRules } from "./answers-to-embed.ts";
import type { MeasureCall } from "./measure-call.ts";
import type { PriceCall } from "./price-call.ts";

/** What is added to a call when it is normalised. All is pure, and never throws what stops a partition. */
export interface CallSteps {
  readonly priceCall: PriceCall;
  readonly measureCall: MeasureCall;
  /** Which answers an endpoint is to embed; absent where none is configured. */
  readonly picks?: PickRules;
}
