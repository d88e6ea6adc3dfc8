/** How many series colours the style sheet has: `--series-0` and so on. */
export const paletteSize = 10;

/** The colours given out first; the others (a red, a brown, a slate) mean something else to many people, or little. */
const preferred = 7;

/** FNV-1a, 32 bits: spreads similar names over the palette. */
const hash = (text: string): number => {
  let state = 0x811c9dc5;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return state;
};

/** Gives each series name one colour on the whole page. */
export interface Palette {
  /**
   * The slot of each name, 0 to `paletteSize - 1`. Names of different dimensions do not compete: they share no chart.
   */
  readonly slotsOf: (dimension: string, names: readonly string[]) => ReadonlyMap<string, number>;
}

const take = (slots: Map<string, number>, name: string): number => {
  const known = slots.get(name);
  if (known !== undefined) return known;
  const taken = new Set(slots.values());
  const start = hash(name) % preferred;
  const order = Array.from({ length: paletteSize }, (_, step) =>
    step < preferred ? (start + step) % preferred : step,
  );
  const slot = order.find((candidate) => !taken.has(candidate)) ?? start;
  slots.set(name, slot);
  return slot;
};

/**
 * A palette in which a name keeps its slot for as long as the page lives. The slot follows from the name, and from the
 * next free one when another name has taken it, so that two models share a colour only when all are in use.
 */
export const createPalette = (): Palette => {
  const dimensions = new Map<string, Map<string, number>>();
  return {
    slotsOf: (dimension, names) => {
      const slots = dimensions.get(dimension) ?? new Map<string, number>();
      dimensions.set(dimension, slots);
      return new Map([...names].sort().map((name) => [name, take(slots, name)]));
    },
  };
};
