import type { WaitLimits } from "../call-limits.ts";
import type { CallPlan } from "../call-start.ts";

/** How long an attempt may keep its caller waiting; for its first content only while another attempt is possible. */
export const waitLimits = ({ route: { limits }, chat }: CallPlan, mayMove: boolean): WaitLimits => {
  const firstContentMs = (chat.isStream ? limits.ttftMs : limits.answerMs) ?? null;
  return { firstContentMs: mayMove ? firstContentMs : null, stallMs: limits.stallMs ?? null };
};
