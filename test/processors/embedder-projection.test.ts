import { describe, expect, test } from "vitest";
import { embeddingDimensions } from "../../core/measures.ts";
import { seededRandom } from "../../core/random.ts";
import { createProjection } from "../../processors/embedder-projection.ts";

const { normal } = seededRandom(7);
const drawn = (dimensions: number): readonly number[] => Array.from({ length: dimensions }, normal);
const lengthOf = (vector: ArrayLike<number>): number => Math.hypot(...Array.from(vector));
const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0) / (lengthOf(a) * lengthOf(b));

/** A vector near another: the first with so much of the second. */
const mixed = (a: readonly number[], b: readonly number[], share: number): readonly number[] =>
  a.map((value, at) => value * (1 - share) + (b[at] ?? 0) * share);

describe("a vector of an endpoint", () => {
  test.each([1, 3, 64, 256])("of %i numbers is kept, at length 1", (dimensions) => {
    const vector = drawn(dimensions);
    const projected = createProjection(dimensions)(vector) ?? [];
    expect(projected).toHaveLength(embeddingDimensions);
    for (const [at, value] of Array.from(projected).entries()) {
      expect(value).toBeCloseTo((vector[at] ?? 0) / lengthOf(vector), 6);
    }
  });

  test.each([257, 768, 1_536, 3_072])("of %i numbers keeps its angles to others, and has length 1", (dimensions) => {
    const project = createProjection(dimensions);
    const errors: number[] = [];
    for (let pair = 0; pair < 100; pair += 1) {
      const a = drawn(dimensions);
      const b = mixed(a, drawn(dimensions), (pair % 10) / 9);
      const [one, two] = [project(a) ?? [], project(b) ?? []];
      expect(lengthOf(one)).toBeCloseTo(1, 6);
      errors.push(cosine(one, two) - cosine(a, b));
    }
    // A cosine through 256 random places is off by a sixteenth at most, as a standard deviation.
    expect(Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length)).toBeLessThan(1 / 16);
  });

  test("in which one number outweighs all others keeps that, whichever it is", () => {
    const project = createProjection(1_536);
    const heavy = (at: number): readonly number[] => drawn(1_536).map((value, place) => (place === at ? 1_000 : value));
    for (const at of [0, 700, 1_535]) {
      expect(cosine(project(heavy(at)) ?? [], project(heavy(at)) ?? [])).toBeGreaterThan(0.99);
      expect(Math.abs(cosine(project(heavy(at)) ?? [], project(heavy((at + 1) % 1_536)) ?? []))).toBeLessThan(0.6);
    }
  });

  test("is projected alike by every process: stored sums go on over an upgrade", () => {
    const [one, other] = [createProjection(300), createProjection(300)];
    const vector = Array.from({ length: 300 }, (_, at) => Math.sqrt(at + 1) * (at % 3 === 0 ? -1 : 1));
    expect(one(vector)).toEqual(other(vector));
    expect(Array.from(one(vector) ?? [], (value) => Math.round(value * 1_024)).slice(0, 12)).toMatchInlineSnapshot(`
      [
        20,
        -1,
        37,
        59,
        -21,
        -110,
        -136,
        -89,
        50,
        -32,
        11,
        -26,
      ]
    `);
  });

  test.each([
    ["zeros", [0, 0, 0]],
    ["numbers too large to be squared", [1e200, 1, 0]],
  ])("of %s has no direction", (_, vector) => {
    expect(createProjection(3)(vector)).toBeNull();
    expect(createProjection(300)([...vector, ...Array.from({ length: 297 }, () => 0)])).toBeNull();
  });
});
