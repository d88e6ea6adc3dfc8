/** Where progress is drawn: standard error of a terminal, or nothing. */
export interface ProgressTarget {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly write: (text: string) => unknown;
}

/** A progress bar; on anything but a terminal it draws nothing, so that logs stay readable. */
export interface Progress {
  /** Shows `done` of the total, with a note behind it. */
  readonly update: (done: number, note: string) => void;
  /** Clears the line. */
  readonly finish: () => void;
}

const barWidth = 28;
const redrawMs = 100;

/** Makes a bar for `total` items; `nowMs` is monotonic. */
export const createProgress = (args: {
  readonly total: number;
  readonly target: ProgressTarget;
  readonly nowMs: () => number;
}): Progress => {
  const { total, target, nowMs } = args;
  const startedMs = nowMs();
  let drawnMs = Number.NEGATIVE_INFINITY;
  if (target.isTTY !== true) {
    return { update: () => {}, finish: () => {} };
  }
  return {
    update: (done, note) => {
      const now = nowMs();
      if (done < total && now - drawnMs < redrawMs) {
        return;
      }
      drawnMs = now;
      const line = progressLine({ done, total, elapsedMs: now - startedMs, note });
      target.write(`\r${line.slice(0, (target.columns ?? 80) - 1)}\u001b[K`);
    },
    finish: () => target.write("\r\u001b[K"),
  };
};

/** One line of progress: bar, share, count, time left by the pace so far, and the note. */
export const progressLine = (state: {
  readonly done: number;
  readonly total: number;
  readonly elapsedMs: number;
  readonly note: string;
}): string => {
  const share = state.total === 0 ? 1 : state.done / state.total;
  const filled = Math.round(share * barWidth);
  const bar = "█".repeat(filled) + "░".repeat(barWidth - filled);
  const leftSeconds = state.done === 0 ? null : ((state.elapsedMs / state.done) * (state.total - state.done)) / 1000;
  const left = leftSeconds === null ? "" : `  ${leftSeconds.toFixed(0)} s left`;
  return `${bar} ${(share * 100).toFixed(0).padStart(3)}%  ${state.done}/${state.total}${left}  ${state.note}`;
};
