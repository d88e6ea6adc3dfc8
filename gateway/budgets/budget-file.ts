import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { messageOf, PlumblineError } from "../../core/errors.ts";
import type { SpentTotal } from "./spent-totals.ts";
import { placeKey } from "./spent-totals.ts";

const mark = z.object({
  /** The gateway process that wrote it. */
  by: z.string(),
  /** Level and id of whom it is for. */
  of: z.string(),
  window: z.enum(["minute", "hour", "day", "month"]),
  startMs: z.number(),
  /** Nano-dollars that were spent in the window at most. */
  nanos: z.number().nonnegative(),
  /** Whether its writer alone spent them; absent when what was spent before it is among them. */
  isOwn: z.literal(true).optional(),
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
 * What was spent at most, as totals of gateways. The last mark of each writer holds. Marks that are not a writer's own hold
 * what it went on from, so that of each subject and window the highest of them stands for all.
 */
export const totalsOf = (marks: readonly Mark[]): readonly SpentTotal[] => {
  const lastOfEach = new Map(marks.map((each) => [`${each.by} ${placeKey(each)}`, each]));
  return [...lastOfEach.values()].map(({ by, isOwn, ...place }) => ({ ...place, gatewayId: isOwn === true ? by : "" }));
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
