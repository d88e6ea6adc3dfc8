/** A process that has something until it expires. */
export interface Holder {
  readonly pid: number;
  /** Name of the machine on which `pid` means something. */
  readonly host: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresMs: number;
}

/** A consumer of a group. */
export interface Member extends Holder {
  readonly id: string;
  readonly joinedAtMs: number;
}

/** The right of one member to a partition. */
export interface Lease extends Holder {
  readonly partition: number;
  /** Id of the member; null when the partition is free. */
  readonly owner: string | null;
  /** Grows with every change of owner, so that a former owner can be told from the present one. */
  readonly epoch: number;
}

/** The place and time from which the life of a holder is judged. */
export interface Observer {
  readonly nowMs: number;
  readonly host: string;
  readonly isRunning: (pid: number) => boolean;
}

/** A partition whose handler runs in this member. */
export interface HeldPartition {
  readonly partition: number;
  readonly epoch: number;
  /** Whether its handler was already asked to end. */
  readonly isLeaving: boolean;
}

/** What a member is to do about its share of a topic. */
export interface Plan {
  /** Partitions that are held no longer: another member has them. */
  readonly lost: readonly number[];
  /** Partitions held beyond this member's share. */
  readonly giveBack: readonly number[];
  /** Free partitions to take. */
  readonly claim: readonly number[];
}

/** What a plan is made from. */
export interface PlanInput {
  readonly me: Member;
  readonly partitions: number;
  readonly members: readonly Member[];
  readonly leases: readonly Lease[];
  readonly held: readonly HeldPartition[];
  /** Partitions that this member leaves alone for now. */
  readonly barred: ReadonlySet<number>;
  readonly observer: Observer;
}

/**
 * Whether a holder can still be at work. A process of this machine that no longer runs is dead at once; since the system
 * gives pids out again, one that seems to run is believed only until it expires.
 */
export const isAlive = (holder: Holder, observer: Observer): boolean =>
  holder.expiresMs > observer.nowMs && (holder.host !== observer.host || observer.isRunning(holder.pid));

/** Whether the lease is still the one that a member took at `epoch`. */
export const isOwnedBy = (lease: Lease | null | undefined, memberId: string, epoch: number): boolean =>
  lease?.owner === memberId && lease.epoch === epoch;

/** Decides what a member loses, gives back and takes; shares differ by at most one partition, older members first. */
export const planPartitions = (input: PlanInput): Plan => {
  const { me, held, observer, leases } = input;
  const leaseOf = new Map(leases.map((lease) => [lease.partition, lease]));
  const mine = held.filter(({ partition, epoch }) => isOwnedBy(leaseOf.get(partition), me.id, epoch));
  const share = shareOf(input);
  const staying = mine.filter(({ isLeaving }) => !isLeaving).map(({ partition }) => partition);
  const surplus = Math.max(0, staying.length - share);
  const isFree = (partition: number): boolean => {
    const lease = leaseOf.get(partition);
    return lease === undefined || lease.owner === null || lease.owner === me.id || !isAlive(lease, observer);
  };
  const taken = new Set(held.map(({ partition }) => partition));
  const free = Array.from({ length: input.partitions }, (_, partition) => partition).filter(
    (partition) => !taken.has(partition) && !input.barred.has(partition) && isFree(partition),
  );
  return {
    lost: held.filter((partition) => !mine.includes(partition)).map(({ partition }) => partition),
    giveBack: staying.slice(staying.length - surplus),
    claim: free.slice(0, Math.max(0, share - mine.length)),
  };
};

/** Whether the plan changes anything. */
export const isIdle = (plan: Plan): boolean =>
  plan.lost.length === 0 && plan.giveBack.length === 0 && plan.claim.length === 0;

const shareOf = ({ me, members, partitions, observer }: PlanInput): number => {
  const others = members.filter((member) => member.id !== me.id && isAlive(member, observer));
  const rank = others.filter((other) => isOlder(other, me)).length;
  const count = others.length + 1;
  return Math.floor(partitions / count) + (rank < partitions % count ? 1 : 0);
};

const isOlder = (one: Member, other: Member): boolean =>
  one.joinedAtMs === other.joinedAtMs ? one.id < other.id : one.joinedAtMs < other.joinedAtMs;
