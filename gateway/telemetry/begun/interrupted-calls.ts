import type { BegunCall } from "./begun-call.ts";

/** What is known of a dead gateway when it is decided which of its calls were interrupted. */
export interface LeftBehind {
  /** The calls that stand as under way. */
  readonly begun: readonly BegunCall[];
  /** Ids of the calls whose records are the last in its spool: all that may still stand as under way are among them. */
  readonly lastEnded: ReadonlySet<string>;
  /** Sequence of the last record, in the spool or on the bus; 0 when there is none. */
  readonly last: number;
  /** Position of the last call among those that the gateway has finished; 0 when that is not known. */
  readonly lastSeq: number;
}

/** A call that gets the record of an interrupted one. */
export interface InterruptedCall {
  readonly call: BegunCall;
  /** Sequence of its record in the spool. */
  readonly sequence: number;
  /** Its position among the calls that the gateway has finished. */
  readonly gatewaySeq: number;
}

/**
 * The calls of a dead gateway that have no record, each with the place that its record takes behind all others. A gateway that
 * was killed between records and the clearing of their slots leaves calls that have both.
 */
export const interruptedCalls = ({ begun, lastEnded, last, lastSeq }: LeftBehind): readonly InterruptedCall[] =>
  begun
    .filter(({ callId }) => !lastEnded.has(callId))
    .map((call, index) => ({
      call,
      sequence: last + 1 + index,
      gatewaySeq: Math.max(last, lastSeq) + 1 + index,
    }));
