import { expect, test } from "vitest";
import type { Block } from "../../processors/embedding-block.ts";
import { answersOf, withBlock } from "../../processors/embedding-block.ts";

test("blocks stay as many as they may be, of sizes that are near each other, and no answer is lost", () => {
  let blocks: readonly Block[] = [];
  for (let minute = 1; minute <= 500; minute += 1) {
    blocks = withBlock(blocks, { count: 10, sum: [minute, 1], squaredNorms: 10 }, 24);
    expect(blocks).toHaveLength(Math.min(minute, 24));
  }
  const whole = blocks.slice(0, -1).map(({ count }) => count);
  expect(Math.max(...whole)).toBeLessThanOrEqual(4 * Math.min(...whole));
  expect(answersOf(blocks)).toBe(5_000);
  expect(blocks.reduce((sum, block) => sum + (block.sum[0] ?? 0), 0)).toBe((500 * 501) / 2);
});

test("what becomes one are neighbours", () => {
  const sizes = [9, 1, 2, 9].map((count) => ({ count, sum: [count], squaredNorms: count }));
  expect(withBlock(sizes, { count: 5, sum: [5], squaredNorms: 5 }, 4).map(({ count }) => count)).toEqual([9, 3, 9, 5]);
});
