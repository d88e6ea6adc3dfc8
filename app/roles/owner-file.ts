import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { z } from "zod";

/** How the process that owns the embedded store can be read from. */
const ownerShape = z.object({ pid: z.int(), url: z.url() });

/** How the process that owns the embedded store can be read from. */
export type Owner = z.infer<typeof ownerShape>;

/** Says in the data folder where the owner of the embedded store answers SQL. */
export const writeOwner = (file: string, owner: Owner): void => {
  writeFileSync(`${file}.new`, JSON.stringify(owner));
  renameSync(`${file}.new`, file);
};

/** Takes the word back. */
export const removeOwner = (file: string): void => rmSync(file, { force: true });

/** Where the owner answers; null when none has said so. The owner may have died since: ask it before you trust it. */
export const readOwner = (file: string): Owner | null => {
  try {
    const parsed = ownerShape.safeParse(JSON.parse(readFileSync(file, "utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
};
