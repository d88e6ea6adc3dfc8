import type { Committed } from "./bus.ts";
import type { GroupId } from "./group-state.ts";
import {
  listLeases,
  listMembers,
  readLease,
  removeMember,
  writeGroup,
  writeLease,
  writeMember,
} from "./group-state.ts";
import type { HeldPartition, Member, Observer, Plan } from "./lease.ts";
import { isAlive, isOwnedBy, planPartitions } from "./lease.ts";
import type { Topic } from "./log-state.ts";
import { readBounds, readCommitted, writeCommitted } from "./log-state.ts";
import type { StateTable } from "./log-storage.ts";

/** A consumer's view of its group, from which its share of the topic follows. */
export interface Standing {
  readonly topic: Topic;
  readonly group: string;
  readonly me: Member;
  readonly held: readonly HeldPartition[];
  readonly barred: ReadonlySet<number>;
  readonly observer: Observer;
}

/** A partition that was just taken. */
export interface Assignment {
  readonly partition: number;
  readonly epoch: number;
  /** What the group had committed; the first offset that is still held when it had committed nothing. */
  readonly committed: Committed;
}

/** One member's right to one partition. */
export interface Tenure extends GroupId {
  readonly partition: number;
  readonly owner: string;
  readonly epoch: number;
}

/** What a consumer would do about its share now; reads only. */
export const planOf = (state: StateTable, standing: Standing): Plan =>
  planPartitions({
    ...standing,
    partitions: standing.topic.partitions,
    members: listMembers(state, groupIdOf(standing)),
    leases: listLeases(state, groupIdOf(standing)),
  });

/** Signs of life of a member: renews its membership and its leases, removes dead members, and takes what its plan claims. */
export const tendMembership = (
  state: StateTable,
  standing: Standing,
): { readonly plan: Plan; readonly assigned: readonly Assignment[] } => {
  const { me, observer, held } = standing;
  const id = groupIdOf(standing);
  const plan = planOf(state, standing);
  writeGroup(state, id, observer.nowMs);
  writeMember(state, id, me);
  for (const member of listMembers(state, id)) {
    if (member.id !== me.id && !isAlive(member, observer)) removeMember(state, id, member.id);
  }
  for (const { partition, epoch } of held) {
    if (!plan.lost.includes(partition)) writeLease(state, id, { ...holderOf(me), partition, owner: me.id, epoch });
  }
  return { plan, assigned: plan.claim.map((partition) => claim(state, standing, partition)) };
};

/** Gives a partition back, unless another member has it already. */
export const releasePartition = (state: StateTable, tenure: Tenure): void => {
  const lease = readLease(state, tenure, tenure.partition);
  if (lease === null || !isOwnedBy(lease, tenure.owner, tenure.epoch)) return;
  writeLease(state, tenure, { ...lease, owner: null, expiresMs: 0 });
};

/** Sets the group's position; false, and nothing set, when another member has the partition. */
export const commitPosition = (state: StateTable, tenure: Tenure, committed: Committed): boolean => {
  if (!isOwnedBy(readLease(state, tenure, tenure.partition), tenure.owner, tenure.epoch)) return false;
  writeCommitted(state, tenure, committed);
  return true;
};

const groupIdOf = ({ topic, group }: Standing): GroupId => ({ topicId: topic.id, group });

const holderOf = ({ pid, host, expiresMs }: Member): Pick<Member, "pid" | "host" | "expiresMs"> => ({
  pid,
  host,
  expiresMs,
});

const claim = (state: StateTable, standing: Standing, partition: number): Assignment => {
  const id = groupIdOf(standing);
  const at = { topicId: id.topicId, partition };
  const epoch = (readLease(state, id, partition)?.epoch ?? 0) + 1;
  writeLease(state, id, { ...holderOf(standing.me), partition, owner: standing.me.id, epoch });
  const committed = readCommitted(state, at, id.group);
  return { partition, epoch, committed: committed ?? { offset: readBounds(state, at).first, metadata: "" } };
};
