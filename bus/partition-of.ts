const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

/**
 * Maps a key to its partition of `partitions`: FNV-1a of the key's UTF-8 bytes as a signed 32-bit integer, modulo, negated
 * when negative. Sarama's hash partitioner does the same, so that Go producers and ours agree on where a key lives.
 */
export const partitionOf = (key: string, partitions: number): number => {
  let hash = offsetBasis;
  for (const byte of Buffer.from(key, "utf8")) hash = Math.imul(hash ^ byte, prime);
  return Math.abs((hash | 0) % partitions);
};
