import { posix } from "node:path";
import { z } from "zod";
import type { SourceFile } from "./source-files.ts";
import { syntaxNodes } from "./syntax-nodes.ts";

/** An import as the rules judge it: one of our files by its path from the root, a package by its name, or a Node module. */
export type Import =
  | { readonly kind: "ours"; readonly path: string }
  | { readonly kind: "package"; readonly name: string }
  | { readonly kind: "node" };

const importing = z.object({
  type: z.enum([
    "ImportDeclaration",
    "ExportNamedDeclaration",
    "ExportAllDeclaration",
    "ImportExpression",
    "TSImportType",
  ]),
  source: z.object({ value: z.string() }),
});

/** All imports of a file: static, dynamic, re-exports, and type-only ones. */
export const importsOf = (file: SourceFile): readonly Import[] =>
  syntaxNodes(file).flatMap((node) => {
    const found = importing.safeParse(node);
    return found.success ? [classify(file.path, found.data.source.value)] : [];
  });

const classify = (from: string, name: string): Import => {
  if (name.startsWith("node:")) return { kind: "node" };
  if (name.startsWith(".")) return { kind: "ours", path: posix.join(posix.dirname(from), name) };
  const parts = name.split("/");
  return { kind: "package", name: name.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? name) };
};
