import { keyPart } from "./key-part.ts";

/** What a reader waits for: new records of a partition. */
export const recordsOf = (topic: string, partition: number): string => `records ${keyPart(topic)} ${partition}`;

/** What the consumers of a group wait for: a change of members or leases. */
export const changesOf = (topic: string, group: string): string => `group ${keyPart(topic)} ${keyPart(group)}`;
