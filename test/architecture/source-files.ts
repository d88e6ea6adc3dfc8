import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const repository = fileURLToPath(new URL("../..", import.meta.url));

/** A source file: its path from the root with `/`, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const ignored = new Set(["node_modules", "plumbline-data"]);

/** Names of the top-level folders that belong to the repository; hidden ones do not count. */
export const topFolders = (): readonly string[] =>
  readdirSync(repository, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !ignored.has(entry.name))
    .map((entry) => entry.name)
    .sort();

/** Every file of a folder whose name ends as given, in order of path; with those of its folders unless `isDeep` is false. */
export const filesOf = (
  folder: string,
  ending: RegExp,
  { isDeep }: { readonly isDeep: boolean } = { isDeep: true },
): readonly SourceFile[] =>
  readdirSync(join(repository, folder), { withFileTypes: true, recursive: isDeep })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("node_modules"))
    .map((path) => ({ path: relative(repository, path).replaceAll("\\", "/"), text: readFileSync(path, "utf8") }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));

/** Every TypeScript and JavaScript file of the repository's folders. */
export const sourceFiles = (): readonly SourceFile[] =>
  topFolders().flatMap((folder) => filesOf(folder, /\.(ts|js|mjs|cjs)$/));
