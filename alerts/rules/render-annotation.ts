import type { Labels } from "../../core/alert.ts";

const placeholder = /\{\{\s*([A-Za-z_]\w*)\s*\}\}/g;

/** The names that stand between double braces in a text. */
export const placeholdersIn = (text: string): readonly string[] =>
  [...text.matchAll(placeholder)].map(([, name = ""]) => name);

/** Puts values in the place of names between double braces; a name without a value becomes `-`. */
export const renderAnnotations = (annotations: Labels, values: Labels): Labels =>
  Object.fromEntries(
    Object.entries(annotations).map(([key, text]) => [
      key,
      text.replaceAll(placeholder, (_, name: string) => values[name] ?? "-"),
    ]),
  );
