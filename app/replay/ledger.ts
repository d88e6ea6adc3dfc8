import type { SendResult } from "./send-call.ts";

/** The replay's own account of what it sent and what came back, to hold against the store's. */
export interface Ledger {
  readonly sent: number;
  /** Calls whose answer was read to its end. */
  readonly answered: number;
  readonly failed: number;
  /** Sum of `usage.prompt_tokens` of the answers. */
  readonly inputTokens: number;
  /** Sum of `usage.completion_tokens` of the answers. */
  readonly outputTokens: number;
  /** Number of failures by reason. */
  readonly failures: Readonly<Record<string, number>>;
}

/** A ledger in which nothing has been sent. */
export const emptyLedger: Ledger = { sent: 0, answered: 0, failed: 0, inputTokens: 0, outputTokens: 0, failures: {} };

/** The ledger after one more call. */
export const enter = (ledger: Ledger, result: SendResult): Ledger =>
  result.ok
    ? {
        ...ledger,
        sent: ledger.sent + 1,
        answered: ledger.answered + 1,
        inputTokens: ledger.inputTokens + result.inputTokens,
        outputTokens: ledger.outputTokens + result.outputTokens,
      }
    : {
        ...ledger,
        sent: ledger.sent + 1,
        failed: ledger.failed + 1,
        failures: { ...ledger.failures, [result.reason]: (ledger.failures[result.reason] ?? 0) + 1 },
      };
