import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import { messageOf, PlumblineError } from "../../core/errors.ts";
import type { SignedBytes } from "./verdict-record.ts";

const line = z.object({ value: z.string(), signature: z.string() });

/** Writes the bytes of verdicts as they were signed, a line each; the file is whole or as it was. */
export const writePolicyFile = async (file: string, verdicts: readonly SignedBytes[]): Promise<void> => {
  const lines = verdicts.map(({ value, signature }) => JSON.stringify({ value: textOf(value), signature }));
  const draft = `${file}.${process.pid}`;
  try {
    await writeFile(draft, lines.map((each) => `${each}\n`).join(""), { mode: 0o600, flush: true });
    await rename(draft, file);
  } catch (error) {
    throw new PlumblineError("policy.unwritable", `${file} cannot be written: ${messageOf(error)}`, { cause: error });
  }
};

/** What such a file holds; nothing when there is none. A damaged line is skipped: what is left is verified by its signature. */
export const readPolicyFile = (file: string): readonly SignedBytes[] => {
  try {
    return readFileSync(file, "utf8").split("\n").flatMap(readLine);
  } catch {
    return [];
  }
};

const readLine = (text: string): readonly SignedBytes[] => {
  try {
    const parsed = line.safeParse(JSON.parse(text));
    return parsed.success ? [{ ...parsed.data, value: Buffer.from(parsed.data.value, "utf8") }] : [];
  } catch {
    return [];
  }
};

const textOf = (value: Uint8Array): string => Buffer.from(value).toString("utf8");
