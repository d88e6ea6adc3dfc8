import type { Delivery } from "./store.ts";

/** How far the rows of a batch have come. */
export interface AppendState {
  readonly delivery: Delivery;
  /** Whether the engine keeps a token and its part in one transaction, as Replicated engines do in Keeper. */
  readonly isReplicated: boolean;
  /** Times that rows were inserted so far. */
  readonly inserts: number;
  /** Rows that the last look found missing, in all tables; null when there was none since the last insert. */
  readonly missing: number | null;
}

/** What to do next, and why. */
export type Step =
  | {
      readonly kind: "insert";
      readonly rows: "all" | "missing";
      /** Number of the token: 0 is the one of the range, higher ones are for what 0 could not store. */
      readonly token: number;
      readonly reason: string;
    }
  | {
      readonly kind: "look";
      /** Whether to wait first until no statement of the source is running on the server. */
      readonly isAfterWaiting: boolean;
      readonly reason: string;
    }
  | { readonly kind: "done" | "failed"; readonly reason: string };

/** Inserts after which rows that are still missing are an error: an engine would have to be killed in each one. */
const maxInserts = 4;

/** The next step towards tables that hold every row of a batch once. ADR 4 has the reasoning. */
export const nextStep = ({ delivery, isReplicated, inserts, missing }: AppendState): Step => {
  if (delivery === "first" || (delivery === "repeated" && isReplicated)) {
    const reason =
      delivery === "first"
        ? "nobody has tried this range before"
        : "token and part are one transaction, and a lookup could ask a replica that lags";
    return inserts === 0
      ? { kind: "insert", rows: "all", token: 0, reason }
      : { kind: "done", reason: "the insert was acknowledged" };
  }
  if (isReplicated && inserts > 0) {
    return { kind: "done", reason: "token and part are one transaction" };
  }
  return missing === null ? lookOf({ delivery, isReplicated, inserts }) : afterLook({ delivery, inserts, missing });
};

const lookOf = ({ delivery, isReplicated, inserts }: Omit<AppendState, "missing">): Step => {
  if (delivery === "repeated" && inserts === 0) {
    return { kind: "look", isAfterWaiting: false, reason: "all, a part or nothing may be there" };
  }
  // The token that follows is not the one of an insert under way, which therefore has to end before the look.
  return { kind: "look", isAfterWaiting: !isReplicated, reason: "an insert under another token may be under way" };
};

const afterLook = (state: {
  readonly delivery: Delivery;
  readonly inserts: number;
  readonly missing: number;
}): Step => {
  const { delivery, inserts, missing } = state;
  if (missing === 0) {
    return { kind: "done", reason: "every row is there" };
  }
  if (inserts === maxInserts) {
    return { kind: "failed", reason: `${missing} rows were accepted ${inserts} times and are not there` };
  }
  if (inserts > 0) {
    const reason = "the engine noted the token of a part that never came to be";
    return { kind: "insert", rows: "missing", token: inserts, reason };
  }
  const reason =
    delivery === "repeated"
      ? "its own token drops an insert of the same range that comes late"
      : "rows of other ranges are there under other tokens";
  return { kind: "insert", rows: "missing", token: 0, reason };
};
