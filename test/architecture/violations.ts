import { matchesGlob } from "node:path";
import { importsOf } from "./imports-of.ts";
import type { SourceFile } from "./source-files.ts";
import { confinedCode, folders, vendors } from "./table.ts";

/** Most lines that a source file may have. */
const maxLines = 300;

const folderOf = (path: string): string => path.split("/")[0] ?? path;

const isIn = (path: string, places: readonly string[]): boolean =>
  places.some((place) => place === "*" || place === folderOf(path) || matchesGlob(path, place));

/** What a file does against the table, a sentence each; none when it keeps to it. */
export const violationsOf = (file: SourceFile): readonly string[] => {
  const lines = file.text.split("\n").length - 1;
  return [
    ...importsOf(file).flatMap((entry) => {
      if (entry.kind === "ours") return judgeOurs(file.path, entry.path);
      return entry.kind === "package" ? judgePackage(file.path, entry.name) : [];
    }),
    ...confinedCode
      .filter(({ pattern, allowedIn }) => pattern.test(file.text) && !isIn(file.path, allowedIn))
      .map(({ pattern, reason }) => `${file.path} uses ${pattern.source}: ${reason}`),
    ...(lines > maxLines ? [`${file.path} has ${lines} lines, more than ${maxLines}: divide it by concept`] : []),
  ];
};

const judgeOurs = (from: string, to: string): readonly string[] => {
  const rule = folders[folderOf(from)];
  if (rule === undefined || folderOf(from) === folderOf(to) || isIn(to, rule.mayImport)) return [];
  return [`${from} imports ${to}: ${rule.reason}`];
};

const judgePackage = (from: string, name: string): readonly string[] => {
  if (isIn(from, ["test", "bench"])) return [];
  const rule = vendors.find(({ packages }) => packages.includes(name));
  if (rule === undefined) return [`${from} imports ${name}, which test/architecture/table.ts does not list`];
  return isIn(from, rule.allowedIn) ? [] : [`${from} imports ${name}: ${rule.reason}`];
};
