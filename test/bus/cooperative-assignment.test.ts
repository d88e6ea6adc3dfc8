import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assignCooperatively } from "../../bus/cooperative-assignment.ts";
import type { Claim } from "../../bus/kafka-driver.ts";

/** Members whose claims may overlap, as those of a member that was put out of the group can. */
const anyClaims = fc.uniqueArray(
  fc.record({ memberId: fc.string({ minLength: 1, maxLength: 4 }), owned: fc.uniqueArray(fc.nat({ max: 19 })) }),
  { minLength: 1, maxLength: 7, selector: ({ memberId }) => memberId },
);
const anyPartitions = fc.integer({ min: 1, max: 20 });

const ownersOf = (claims: readonly Claim[], partition: number): readonly string[] =>
  claims.filter(({ owned }) => owned.includes(partition)).map(({ memberId }) => memberId);

/** Distributes again and again, each member letting go of what it was not given, until nothing changes. */
const settle = (partitions: number, claims: readonly Claim[]): readonly (readonly Claim[])[] => {
  const rounds: (readonly Claim[])[] = [claims];
  for (;;) {
    const before = rounds.at(-1) ?? claims;
    const shares = assignCooperatively(partitions, before);
    const after = before.map(({ memberId }) => ({ memberId, owned: shares.get(memberId) ?? [] }));
    if (JSON.stringify(after) === JSON.stringify(before)) return rounds;
    rounds.push(after);
  }
};

describe("a cooperative assignment", () => {
  test("never gives a partition to a member while another one owns it, nor to two", () => {
    fc.assert(
      fc.property(anyPartitions, anyClaims, (partitions, claims) => {
        const given = [...assignCooperatively(partitions, claims)].flatMap(([memberId, owned]) =>
          owned.map((partition) => ({ memberId, partition })),
        );
        expect(new Set(given.map(({ partition }) => partition)).size).toBe(given.length);
        for (const { memberId, partition } of given) {
          const owners = ownersOf(claims, partition);
          expect(owners.length === 0 || owners.includes(memberId)).toBe(true);
        }
      }),
    );
  });

  test("comes in two rounds to shares that differ by one at most, and to all partitions", () => {
    fc.assert(
      fc.property(anyPartitions, anyClaims, (partitions, claims) => {
        const rounds = settle(partitions, claims);
        const sizes = (rounds.at(-1) ?? []).map(({ owned }) => owned.length);
        expect(rounds.length).toBeLessThanOrEqual(3);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(partitions);
      }),
    );
  });

  test("moves no partition of members whose shares are even already", () => {
    const claims = [
      { memberId: "a", owned: [1, 3] },
      { memberId: "b", owned: [0, 4, 2] },
    ];
    expect(assignCooperatively(5, claims)).toEqual(
      new Map([
        ["a", [1, 3]],
        ["b", [0, 2, 4]],
      ]),
    );
  });
});
