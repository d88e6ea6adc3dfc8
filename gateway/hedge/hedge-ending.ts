import type { Ending } from "../relay.ts";

/** How an attempt ends that was let go because another answered first, or because its call was over. */
export const hedgeLost: Ending = { outcome: "interrupted", errorType: "hedge_lost" };
