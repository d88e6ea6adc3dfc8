import { readdirSync } from "node:fs";
import { join, posix } from "node:path";
import type { SourceFile } from "../architecture/source-files.ts";
import { filesOf, repository, topFolders } from "../architecture/source-files.ts";

/** Every Markdown file of the repository, with its path from the root. */
export const markdownFiles = (): readonly SourceFile[] => [
  ...filesOf(".", /\.md$/, { isDeep: false }),
  ...topFolders().flatMap((folder) => filesOf(folder, /\.md$/)),
];

const fence = /^```.*$[\s\S]*?^```$/gm;

/** The lines of all fenced code blocks. */
export const fencedLines = (text: string): readonly string[] =>
  [...text.matchAll(fence)].flatMap(([block]) => block.split("\n").slice(1, -1));

/** The text without fenced blocks, inline code and the addresses of links. */
export const prose = (text: string): string =>
  text
    .replaceAll(fence, "")
    .replaceAll(/<!--[\s\S]*?-->/g, "")
    .replaceAll(/`[^`\n]*`/g, "")
    .replaceAll(/\]\([^)\s]*\)/g, "]");

/** Targets of the links to files of the repository, as paths from the root; a `#part` is cut off. */
export const linkedFiles = (file: SourceFile): readonly string[] =>
  [...file.text.replaceAll(fence, "").matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target.replace(/#.*$/, ""))
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target))
    .map((target) => posix.join(posix.dirname(file.path), target));

/** Names of the files directly in a folder. */
export const namesIn = (folder: string): readonly string[] => readdirSync(join(repository, folder)).sort();
