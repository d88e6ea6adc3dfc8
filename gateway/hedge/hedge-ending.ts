import type { Ending } from "../relay.ts";

/** How an attempt ends that was let go because another answered first, or because its call was over. */
export const hedgeLost: Ending = { outcome: "interrupted", errorType: "hedge_lost" };

/** What came of a second attempt: it answered first, the first did, the first failed, it failed itself, or the call ended. */
export type HedgeResult = "won" | "lost" | "stood_in" | "failed" | "dropped";
