import { describe, expect, it } from "vitest";
import { judgeGrowth } from "./growth.ts";

/** A hundred looks over 600,000 calls, with what a function says of the share of them that has been made. */
const looksOf = (held: (share: number) => { readonly rssMb: number; readonly handles: number }, calls = 600_000) =>
  Array.from({ length: 101 }, (_, index) => ({ calls: (calls * index) / 100, ...held(index / 100) }));

/** A heap that is collected now and then. */
const breathing = (share: number): number => 180 + 20 * ((share * 37) % 1);

describe("a process that is looked at again and again", () => {
  it("is flat when it grows in its warm-up only", () => {
    const growth = judgeGrowth(looksOf((share) => ({ rssMb: breathing(share) - (share < 0.3 ? 80 : 0), handles: 60 })));
    expect(growth).toMatchObject({ isFlat: true, isJudged: true, handles: [60, 60] });
    expect(Math.abs(growth.rssSlope)).toBeLessThan(2);
  });

  it("is not flat when it holds 10 MB more after each 100,000 calls", () => {
    const growth = judgeGrowth(looksOf((share) => ({ rssMb: breathing(share) + 60 * share, handles: 60 })));
    expect(growth).toMatchObject({ isFlat: false, isJudged: true });
    expect(growth.rssSlope).toBeCloseTo(10, 0);
  });

  it("is not flat when its handles become more", () => {
    expect(judgeGrowth(looksOf((share) => ({ rssMb: 180, handles: 60 + 30 * share })))).toMatchObject({
      isFlat: false,
    });
  });

  it("is not judged by few calls", () => {
    const growth = judgeGrowth(looksOf((share) => ({ rssMb: 100 + 100 * share, handles: 60 }), 5_000));
    expect(growth).toMatchObject({ isFlat: true, isJudged: false });
  });
});
