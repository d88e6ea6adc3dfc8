import { z } from "zod";
import type { SourceFile } from "./source-files.ts";
import { syntaxNodes } from "./syntax-nodes.ts";

/** What the ratchet counts: departures from the style that may only become fewer. */
export const ratchetSchema = z.strictObject({
  any: z.int().min(0),
  casts: z.int().min(0),
  lintDisables: z.int().min(0),
  skippedTests: z.int().min(0),
  filesOver200Lines: z.int().min(0),
});

/** One count of each kind. */
export type Exceptions = z.infer<typeof ratchetSchema>;

/** Where the exceptions of a file are, by kind: `path:line`. */
export type Places = Readonly<Record<keyof Exceptions, readonly string[]>>;

const disable =
  /(?:\/\/|\/\*)\s*(?:biome-ignore|oxlint-disable|eslint-disable|@ts-ignore|@ts-expect-error|@ts-nocheck)/g;
const skip = /\b(?:test|it|describe)(?:\.\w+)*\.(?:skip|skipIf|runIf|todo)\(/g;
const cast = z.union([
  z.object({ type: z.literal("TSAsExpression"), typeAnnotation: z.unknown() }),
  z.object({ type: z.enum(["TSTypeAssertion", "TSNonNullExpression"]) }),
]);
const constType = z.object({ typeName: z.object({ name: z.literal("const") }) });

/** Lists the exceptions of one file; `as const` is none. Skips by `context.skip` are counted from the allowed list instead. */
export const exceptionsOf = (file: SourceFile): Places => {
  const nodes = syntaxNodes(file);
  const at = (start: number): string => `${file.path}:${file.text.slice(0, start).split("\n").length}`;
  const matches = (pattern: RegExp): readonly string[] =>
    [...file.text.matchAll(pattern)].map(({ index }) => at(index));
  const isCast = (node: unknown): boolean => {
    const found = cast.safeParse(node);
    return found.success && !("typeAnnotation" in found.data && constType.safeParse(found.data.typeAnnotation).success);
  };
  return {
    any: nodes.filter(({ type }) => type === "TSAnyKeyword").map(({ start }) => at(start)),
    casts: nodes.filter(isCast).map(({ start }) => at(start)),
    lintDisables: matches(disable),
    skippedTests: matches(skip),
    filesOver200Lines: file.text.split("\n").length - 1 > 200 ? [file.path] : [],
  };
};
