import type { RunSql } from "./verify.ts";

/** What goes wrong in one stretch, and how it is made right again. */
export interface Fault {
  readonly name: string;
  /** Bytes of text in the question of a call of this number; short questions when absent. */
  readonly textBytes?: (number: number) => number;
  /** Does it while calls are made, and mends it before it resolves. */
  readonly act: () => Promise<void>;
}

/** A whole Plumbline to soak, in one of its forms. */
export interface Form {
  readonly name: string;
  readonly gatewayUrl: string;
  readonly start: () => Promise<void>;
  /** The faults, in the order in which they come; `kills` is how often processes are killed altogether. */
  readonly faults: (kills: number) => readonly Fault[];
  readonly runSql: RunSql;
  /** Ends every process; removes everything unless it is to be kept for a look. */
  readonly remove: (isKept: boolean) => Promise<void>;
}

/** Waits some milliseconds. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Does something `times` times, each after a moment of random length up to `upToMs`. */
export const atRandomMoments = async (
  times: number,
  { upToMs, act }: { readonly upToMs: number; readonly act: () => Promise<void> },
): Promise<void> => {
  for (let time = 0; time < times; time += 1) {
    await pause(Math.random() * upToMs);
    await act();
  }
};

/** Asks until it is so, for `limitMs` at most. */
export const untilSo = async (isSo: () => Promise<boolean>, limitMs: number): Promise<void> => {
  const deadlineMs = performance.now() + limitMs;
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > deadlineMs) {
      throw new Error(`it did not come about in ${limitMs} ms`);
    }
    await pause(50);
  }
};

/** Runs SQL over ClickHouse's HTTP protocol. */
export const sqlOver =
  (url: string): RunSql =>
  async (sql) => {
    const response = await fetch(`${url}/`, { method: "POST", body: sql });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(text);
    }
    return text;
  };
