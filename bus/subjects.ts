import { keyPart } from "./key-part.ts";

/** What a reader waits for: new records of a partition. */
export const recordsOf = (topic: string, partition: number): string => `records ${keyPart(topic)} ${partition}`;

/** What a follower waits for: new records of any partition. */
export const appendsTo = (topic: string): string => `appends ${keyPart(topic)}`;

/** What the consumers of a group wait for: a change of members or leases. */
export const changesOf = (topic: string, group: string): string => `group ${keyPart(topic)} ${keyPart(group)}`;
