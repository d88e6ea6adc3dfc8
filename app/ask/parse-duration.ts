import { durationMs } from "../../config/duration.ts";
import { PlumblineError } from "../../core/errors.ts";

/** A duration such as `90s`, `15m`, `24h` or `7d` in milliseconds; throws `cli.usage` on anything else, and on none. */
export const parseDuration = (text: string): number => {
  const ms = durationMs(text);
  if (ms === null || ms === 0) {
    throw new PlumblineError("cli.usage", `"${text}" is no duration; write for example 90s, 15m, 24h or 7d`);
  }
  return ms;
};
