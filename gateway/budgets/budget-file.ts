import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { messageOf, PlumblineError } from "../../core/errors.ts";
import { placeOf } from "./budget-table.ts";

const mark = z.object({
  /** The gateway process that wrote it. */
  by: z.string(),
  /** Level and id of whom it is for. */
  of: z.string(),
  window: z.enum(["minute", "hour", "day", "month"]),
  startMs: z.number(),
  /** Nano-dollars that were spent in the window at most. */
  nanos: z.number().nonnegative(),
});

/** What was spent in a window at most, as one gateway knew it. */
export type Mark = z.infer<typeof mark>;

/** Adds marks to the file; they survive a kill of the process. */
export const appendMarks = (file: string, marks: readonly Mark[]): void =>
  guarded(file, () => appendFileSync(file, textOf(marks), { mode: 0o600 }));

/** Replaces the file by one that holds these marks; it is whole or as it was. */
export const writeMarks = (file: string, marks: readonly Mark[]): void =>
  guarded(file, () => {
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, textOf(marks), { mode: 0o600, flush: true });
    renameSync(draft, file);
  });

/** The marks of a file in the order they were written; none when there is no file. A damaged line is skipped. */
export const readMarks = (file: string): readonly Mark[] => {
  try {
    return readFileSync(file, "utf8").split("\n").flatMap(readLine);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return [];
    }
    throw failure(file, error);
  }
};

/**
 * What was spent at most, of each subject and window the highest that any gateway wrote last: a gateway that starts goes on from
 * what the others have written, so the last to start knows of all.
 */
export const latestMarks = (marks: readonly Mark[]): readonly Mark[] => {
  const lastOfEach = new Map(marks.map((each) => [`${each.by} ${placeOf(each)}`, each]));
  const highest = new Map<string, Mark>();
  for (const each of lastOfEach.values()) {
    const known = highest.get(placeOf(each));
    if (known === undefined || known.nanos < each.nanos) {
      highest.set(placeOf(each), each);
    }
  }
  return [...highest.values()];
};

const textOf = (marks: readonly Mark[]): string => marks.map((each) => `${JSON.stringify(each)}\n`).join("");

const readLine = (text: string): readonly Mark[] => {
  try {
    const parsed = mark.safeParse(JSON.parse(text));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
};

const guarded = (file: string, act: () => void): void => {
  try {
    act();
  } catch (error) {
    throw failure(file, error);
  }
};

const failure = (file: string, error: unknown): PlumblineError =>
  new PlumblineError("budget.unwritable", `${file}: ${messageOf(error)}`, { cause: error });
