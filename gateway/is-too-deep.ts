/** No request or answer that means something is nested as deep; writing a value as JSON runs out of stack some thousands of levels down. */
const mostLevels = 200;

/** Whether a value, parsed from a JSON text of so many characters or bytes, is nested deeper than 200 levels: it is not to be written anew. */
export const isTooDeep = (value: unknown, length: number): boolean =>
  // Each level has two brackets: most texts are too short to be looked at.
  length > 2 * mostLevels && isDeeperThan(value, mostLevels);

const isDeeperThan = (value: unknown, levels: number): boolean => {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return levels === 0 || parts.some((each) => isDeeperThan(each, levels - 1));
};
