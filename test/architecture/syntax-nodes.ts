import { parseAst } from "vitest/node";
import { z } from "zod";
import type { SourceFile } from "./source-files.ts";

/** A node of the syntax tree (ESTree with TypeScript's nodes), with its children still unread. */
export type SyntaxNode = z.infer<typeof nodeSchema>;

const nodeSchema = z.looseObject({ type: z.string(), start: z.number() });

/** Every node of a file, parents before children; throws when the file is no TypeScript. */
export const syntaxNodes = (file: SourceFile): readonly SyntaxNode[] => {
  const found: SyntaxNode[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    const node = nodeSchema.safeParse(value);
    if (node.success) found.push(node.data);
    for (const child of Object.values(value)) visit(child);
  };
  visit(parseAst(file.text, { lang: "ts" }));
  return found;
};
