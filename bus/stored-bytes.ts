const pageBytes = 4096;
const pageHeaderBytes = 16;
const entryBytes = 32;
const inlineLimit = 2000;

/**
 * Bytes of the log that a record of `length` encoded bytes takes. Records that do not fit into half a page get whole pages
 * of their own, so a log of 17 KB records is about a fifth larger than their sum.
 */
export const storedBytes = (length: number): number =>
  length <= inlineLimit
    ? length + entryBytes
    : Math.ceil((length + pageHeaderBytes) / pageBytes) * pageBytes + entryBytes;
