import type { Claim } from "./kafka-driver.ts";

/**
 * Distributes partitions 0 to `partitions - 1` evenly. A member keeps what it owns as far as its share goes; what it has to
 * give up is given to nobody until it has let go of it, so that no partition ever has two owners (the incremental
 * rebalance of KIP-429). Members differ by at most one partition once everything is let go of.
 */
export const assignCooperatively = (
  partitions: number,
  claims: readonly Claim[],
): ReadonlyMap<string, readonly number[]> => {
  const members = [...claims].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const owners = ownersOf(partitions, members);
  const shares = sharesOf(partitions, members, owners);
  const kept = new Map(members.map(({ memberId }) => [memberId, keptOf(memberId, owners, shares)]));
  const free = Array.from({ length: partitions }, (_, partition) => partition).filter((each) => !owners.has(each));
  for (const { memberId } of members) {
    const own = kept.get(memberId) ?? [];
    own.push(...free.splice(0, (shares.get(memberId) ?? 0) - own.length));
    own.sort((a, b) => a - b);
  }
  return kept;
};

/** Who owns each partition; of two that claim the same, which a fenced member may do, the first is believed. */
const ownersOf = (partitions: number, members: readonly Claim[]): ReadonlyMap<number, string> => {
  const owners = new Map<number, string>();
  for (const { memberId, owned } of members) {
    for (const partition of owned) {
      if (partition < partitions && !owners.has(partition)) owners.set(partition, memberId);
    }
  }
  return owners;
};

/** How many partitions each member gets; the larger shares go to those who own the most. */
const sharesOf = (
  partitions: number,
  members: readonly Claim[],
  owners: ReadonlyMap<number, string>,
): ReadonlyMap<string, number> => {
  const base = Math.floor(partitions / members.length);
  const larger = partitions % members.length;
  const owned = (memberId: string): number => [...owners.values()].filter((owner) => owner === memberId).length;
  const byOwned = members
    .map(({ memberId }) => ({ memberId, owned: owned(memberId) }))
    .sort((a, b) => b.owned - a.owned);
  return new Map(byOwned.map(({ memberId }, index) => [memberId, base + (index < larger ? 1 : 0)]));
};

const keptOf = (memberId: string, owners: ReadonlyMap<number, string>, shares: ReadonlyMap<string, number>): number[] =>
  [...owners]
    .filter(([, owner]) => owner === memberId)
    .map(([partition]) => partition)
    .sort((a, b) => a - b)
    .slice(0, shares.get(memberId) ?? 0);
