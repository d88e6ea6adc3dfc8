/** A span of time in which a limit holds; all begin and end by UTC. */
export type Window = "minute" | "hour" | "day" | "month";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** When the window that holds a time began, in milliseconds since the Unix epoch. */
export const windowStart = (window: Window, nowMs: number): number => {
  switch (window) {
    case "minute":
      return nowMs - (nowMs % minuteMs);
    case "hour":
      return nowMs - (nowMs % hourMs);
    case "day":
      return nowMs - (nowMs % dayMs);
    case "month": {
      const now = new Date(nowMs);
      return Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
    }
  }
};

/** When the window that began at a time ends, which is when the next one begins. */
export const windowEnd = (window: Window, startMs: number): number => {
  switch (window) {
    case "minute":
      return startMs + minuteMs;
    case "hour":
      return startMs + hourMs;
    case "day":
      return startMs + dayMs;
    case "month": {
      const start = new Date(startMs);
      return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1);
    }
  }
};
