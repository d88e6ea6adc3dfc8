import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** Folder in the engine's folder for rows that came over HTTP and are being inserted. */
const folderOf = (dir: string): string => join(dir, "incoming");

/** Makes the folder for incoming rows, without what a process that was killed left in it. */
export const clearIncoming = async (dir: string): Promise<void> => {
  const folder = folderOf(dir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // The folder itself stays: another store of this process may be opening at the same time.
  for (const left of await readdir(folder)) {
    await rm(join(folder, left), { recursive: true, force: true });
  }
};

/**
 * Lends a file that holds a body, once all of it has come; `bytes` is its length. The engine reads rows of any format from a
 * file, and so memory stays bounded whatever the size of the body.
 */
export const withIncoming = async <T>(
  dir: string,
  body: AsyncIterable<Buffer>,
  use: (file: { readonly path: string; readonly bytes: number }) => Promise<T>,
): Promise<T> => {
  const path = join(folderOf(dir), randomUUID());
  try {
    // Opened before anything is read: a stream opens its file later, and one that broke off by then would leave it behind.
    const file = await open(path, "wx", 0o600);
    const output = file.createWriteStream();
    await pipeline(body, output);
    return await use({ path, bytes: output.bytesWritten });
  } finally {
    await rm(path, { force: true });
  }
};
