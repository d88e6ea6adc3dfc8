import { createHmac } from "node:crypto";
import type { VirtualKey } from "../keys/key-table.ts";
import type { BudgetLevel } from "./budget-config.ts";
import type { Subject } from "./budget-table.ts";

/** Who a call is by. */
export interface CallOwner {
  /** Null where no key is asked for. */
  readonly key: VirtualKey | null;
  /** The end user; null or empty when nobody is named. */
  readonly user: string | null;
}

/**
 * Whose budgets a call falls under, of the levels that have any. A user is counted over all keys of an organisation, and is
 * written down as a hash; calls that name no user count as one user's.
 */
export const subjectsOf = (
  { key, user }: CallOwner,
  levels: readonly { readonly level: BudgetLevel }[],
  hashKey: string,
): readonly Subject[] => {
  const subjects: Subject[] = [];
  for (const { level } of levels) {
    const name = nameAt(level, { key, user });
    if (name !== null) {
      const id = level === "user" ? hashed(JSON.stringify([key?.organisation ?? null, name]), hashKey) : name;
      subjects.push({ level, name, id });
    }
  }
  return subjects;
};

/** Who a call is by at a level, as limits name it; null where it has nobody there. */
export const nameAt = (level: BudgetLevel, { key, user }: CallOwner): string | null => {
  switch (level) {
    case "gateway":
      return "";
    case "organisation":
      return key?.organisation ?? null;
    case "team":
      return key?.team ?? null;
    case "key":
      return key?.id ?? null;
    case "user":
      return user ?? "";
  }
};

const hashed = (text: string, key: string): string => createHmac("sha256", key).update(text).digest("hex").slice(0, 32);
