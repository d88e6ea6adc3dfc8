/** The log port. One line per state change, never one per call, and never the text of a call. */
export interface Log {
  readonly info: (fields: LogFields, message: string) => void;
  readonly warn: (fields: LogFields, message: string) => void;
  readonly error: (fields: LogFields, message: string) => void;
}

/** What a log line carries besides its message; `err` holds the error that caused it. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A log that says nothing, for tools whose output is their own. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
