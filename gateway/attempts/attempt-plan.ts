import type { Provider } from "../providers/provider.ts";
import type { Target } from "../route-table.ts";
import type { WireName } from "../wires/wire-name.ts";

/** Where an attempt goes, and the format in which it is asked there. */
export interface AttemptPlan {
  readonly target: Target;
  readonly provider: Provider;
  readonly wire: WireName;
}
