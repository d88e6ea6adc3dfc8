const prefix = "planned:";

/**
 * The plan of an insert as commit metadata: the offset after its last record. It is committed before the insert, so that
 * after a crash the same range is formed again and the store can tell which of its rows are already there.
 */
export const planText = (end: number): string => `${prefix}${end}`;

/** The planned end in commit metadata; null when no insert was under way, or the text is not ours. */
export const plannedEnd = (metadata: string): number | null => {
  const end = metadata.startsWith(prefix) ? Number(metadata.slice(prefix.length)) : Number.NaN;
  return Number.isSafeInteger(end) && end >= 0 ? end : null;
};
