import { z } from "zod";
import { keyPart } from "./key-part.ts";
import type { Lease, Member } from "./lease.ts";
import type { PartitionId } from "./log-state.ts";
import { readCommitted } from "./log-state.ts";
import type { StateTable } from "./log-storage.ts";

const groupSchema = z.object({ name: z.string(), seenAtMs: z.number() });
const memberSchema = z.object({
  id: z.string(),
  pid: z.int(),
  host: z.string(),
  joinedAtMs: z.number(),
  expiresMs: z.number(),
});
const leaseSchema = z.object({
  partition: z.int(),
  owner: z.string().nullable(),
  pid: z.int(),
  host: z.string(),
  expiresMs: z.number(),
  epoch: z.int(),
});

/** A group of a topic, and when one of its consumers last gave a sign of life. */
export interface Group {
  readonly name: string;
  /** Milliseconds since the Unix epoch. */
  readonly seenAtMs: number;
}

/** A group's address in the state. */
export interface GroupId {
  readonly topicId: number;
  readonly group: string;
}

/** The groups that the topic knows. */
export const listGroups = (state: StateTable, topicId: number): readonly Group[] =>
  state.list(["group", topicId]).map(({ value }) => groupSchema.parse(value));

/** Makes a group known to the topic, or notes that it was seen. */
export const writeGroup = (state: StateTable, { topicId, group }: GroupId, seenAtMs: number): void =>
  state.put(["group", topicId, keyPart(group)], { name: group, seenAtMs });

/** Removes a group with all that is stored of it: positions, leases and members. */
export const forgetGroup = (state: StateTable, { topicId, group }: GroupId): void => {
  const part = keyPart(group);
  const entries = ["committed", "lease", "member"].flatMap((kind) => state.list([kind, topicId, part]));
  for (const { key } of entries) state.remove(key);
  state.remove(["group", topicId, part]);
};

/** The members of a group, dead ones included. */
export const listMembers = (state: StateTable, { topicId, group }: GroupId): readonly Member[] =>
  state.list(["member", topicId, keyPart(group)]).map(({ value }) => memberSchema.parse(value));

/** Registers a member, or prolongs its membership. */
export const writeMember = (state: StateTable, { topicId, group }: GroupId, member: Member): void =>
  state.put(["member", topicId, keyPart(group), keyPart(member.id)], member);

/** Removes a member. */
export const removeMember = (state: StateTable, { topicId, group }: GroupId, memberId: string): void =>
  state.remove(["member", topicId, keyPart(group), keyPart(memberId)]);

/** The leases of a group; a partition that was never assigned has none. */
export const listLeases = (state: StateTable, { topicId, group }: GroupId): readonly Lease[] =>
  state.list(["lease", topicId, keyPart(group)]).map(({ value }) => leaseSchema.parse(value));

/** The lease of one partition; null when it was never assigned. */
export const readLease = (state: StateTable, { topicId, group }: GroupId, partition: number): Lease | null => {
  const stored = state.get(["lease", topicId, keyPart(group), partition]);
  return stored === undefined ? null : leaseSchema.parse(stored);
};

/** Sets the lease of one partition. */
export const writeLease = (state: StateTable, { topicId, group }: GroupId, lease: Lease): void =>
  state.put(["lease", topicId, keyPart(group), lease.partition], lease);

/**
 * The offset below which every group of the topic is done with a partition; null when the topic has no group. A group that
 * has committed nothing is done with nothing.
 */
export const doneOffset = (state: StateTable, id: PartitionId): number | null => {
  const offsets = listGroups(state, id.topicId).map(({ name }) => readCommitted(state, id, name)?.offset ?? 0);
  return offsets.length === 0 ? null : Math.min(...offsets);
};
