import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Holder, Lease, Member, PlanInput } from "../../bus/lease.ts";
import { isAlive, planPartitions } from "../../bus/lease.ts";

const observer = { nowMs: 1_000, host: "here", isRunning: (pid: number) => pid === 1 };
const living: Holder = { pid: 1, host: "here", expiresMs: 1_001 };

describe("a holder", () => {
  test.each<{ readonly name: string; readonly holder: Holder; readonly expected: boolean }>([
    { name: "lives while its process runs and it has not expired", holder: living, expected: true },
    {
      name: "is dead when it has expired, though a process has its pid",
      holder: { ...living, expiresMs: 1_000 },
      expected: false,
    },
    { name: "is dead at once when its process does not run", holder: { ...living, pid: 2 }, expected: false },
    { name: "of another machine lives until it expires", holder: { ...living, pid: 2, host: "there" }, expected: true },
    {
      name: "of another machine is dead when it has expired",
      holder: { pid: 1, host: "there", expiresMs: 999 },
      expected: false,
    },
  ])("$name", ({ holder, expected }) => {
    expect(isAlive(holder, observer)).toBe(expected);
  });
});

const memberOf = (id: string, joinedAtMs: number): Member => ({ ...living, id, joinedAtMs });
const leaseOf = (partition: number, owner: string | null, epoch = 1): Lease => ({ ...living, partition, owner, epoch });
const a = memberOf("a", 1);
const b = memberOf("b", 2);
const alone: PlanInput = {
  me: a,
  partitions: 3,
  members: [],
  leases: [],
  held: [],
  barred: new Set<number>(),
  observer,
};
const nothing = { lost: [], giveBack: [], claim: [] };
const stays = (partition: number) => ({ partition, epoch: 1, isLeaving: false });

describe("a plan", () => {
  test.each<{ readonly name: string; readonly input: PlanInput; readonly expected: object }>([
    { name: "a lone member takes every partition", input: alone, expected: { ...nothing, claim: [0, 1, 2] } },
    {
      name: "partitions that are barred or have a living owner are left alone",
      input: { ...alone, leases: [leaseOf(0, "x")], barred: new Set([1]) },
      expected: { ...nothing, claim: [2] },
    },
    {
      name: "partitions whose owner is dead or that were given back are taken",
      input: { ...alone, leases: [{ ...leaseOf(0, "x"), pid: 2 }, leaseOf(1, null), leaseOf(2, "x")] },
      expected: { ...nothing, claim: [0, 1] },
    },
    {
      name: "the oldest member gets the odd partition",
      input: { ...alone, members: [a, b] },
      expected: { ...nothing, claim: [0, 1] },
    },
    {
      name: "the youngest member gets the rest",
      input: { ...alone, me: b, members: [a, b] },
      expected: { ...nothing, claim: [0] },
    },
    {
      name: "a dead member has no share",
      input: { ...alone, members: [a, { ...b, pid: 2 }] },
      expected: { ...nothing, claim: [0, 1, 2] },
    },
    {
      name: "what is above the share is given back",
      input: { ...alone, members: [a, b], leases: [0, 1, 2].map((p) => leaseOf(p, "a")), held: [0, 1, 2].map(stays) },
      expected: { ...nothing, giveBack: [2] },
    },
    {
      name: "a partition on its way back is not asked for twice",
      input: {
        ...alone,
        members: [a, b],
        leases: [0, 1, 2].map((p) => leaseOf(p, "a")),
        held: [stays(0), stays(1), { ...stays(2), isLeaving: true }],
      },
      expected: nothing,
    },
    {
      name: "a partition that another took is lost, and not taken while its handler runs",
      input: { ...alone, partitions: 1, leases: [{ ...leaseOf(0, "x"), pid: 2, epoch: 2 }], held: [stays(0)] },
      expected: { ...nothing, lost: [0] },
    },
  ])("$name", ({ input, expected }) => {
    expect(planPartitions(input)).toEqual(expected);
  });

  test("members that follow their plans in any order come to fair shares, and never take what another has", () => {
    const turns = fc.array(fc.nat({ max: 4 }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }), turns, (partitions, count, order) => {
        const members = Array.from({ length: count }, (_, index) => memberOf(`m${index}`, index % 2));
        const owners = new Map<number, string>();
        const step = (me: Member): void => {
          const leases = [...owners].map(([partition, owner]) => leaseOf(partition, owner));
          const held = leases.filter(({ owner }) => owner === me.id).map(({ partition }) => stays(partition));
          const plan = planPartitions({ ...alone, me, partitions, members, leases, held });
          expect(plan.lost).toEqual([]);
          expect(plan.giveBack.filter((partition) => owners.get(partition) !== me.id)).toEqual([]);
          expect(plan.claim.filter((partition) => owners.has(partition))).toEqual([]);
          for (const partition of plan.giveBack) owners.delete(partition);
          for (const partition of plan.claim) owners.set(partition, me.id);
        };
        for (const index of order) step(members[index % count] ?? a);
        for (const member of [...members, ...members]) step(member);
        const shares = members.map(({ id }) => [...owners.values()].filter((owner) => owner === id).length);
        expect(shares.reduce((sum, share) => sum + share)).toBe(partitions);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
