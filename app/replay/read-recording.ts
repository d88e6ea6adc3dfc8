import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { messageOf, PlumblineError } from "../../core/errors.ts";
import type { RecordedCall } from "./recorded-call.ts";
import { parseRecordedCall } from "./recorded-call.ts";

/** Most mistakes that are named before a recording is refused. */
const maxProblems = 20;

/** Reads the calls of a JSON-lines file in order, gzip when its name ends in `.gz`; throws `replay.bad_line` on a bad line. */
export async function* readRecording(file: string): AsyncGenerator<RecordedCall> {
  for await (const { number, text } of linesOf(file)) {
    const parsed = parseRecordedCall(text);
    if (!parsed.ok) {
      throw new PlumblineError("replay.bad_line", `${file}:${number}: ${parsed.problem}`);
    }
    yield parsed.call;
  }
}

/**
 * Counts the calls of the files after checking every line, so that a mistake on the last line is known before the first
 * call is sent; throws `replay.bad_line` naming the mistakes.
 */
export const countRecorded = async (files: readonly string[]): Promise<number> => {
  const problems: string[] = [];
  let count = 0;
  for (const file of files) {
    for await (const { number, text } of linesOf(file)) {
      const parsed = parseRecordedCall(text);
      count += 1;
      if (!parsed.ok && problems.push(`${file}:${number}: ${parsed.problem}`) >= maxProblems) {
        throw badLines([...problems, "..."]);
      }
    }
  }
  if (problems.length > 0) {
    throw badLines(problems);
  }
  return count;
};

const badLines = (problems: readonly string[]): PlumblineError =>
  new PlumblineError("replay.bad_line", `the recording has lines that are no recorded calls:\n${problems.join("\n")}`);

/** The lines that are not blank, numbered from 1. */
async function* linesOf(file: string): AsyncGenerator<{ readonly number: number; readonly text: string }> {
  let number = 0;
  let rest = "";
  try {
    for await (const chunk of textOf(file)) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const text of lines) {
        number += 1;
        if (text.trim() !== "") {
          yield { number, text };
        }
      }
    }
  } catch (error) {
    throw new PlumblineError("replay.bad_line", `${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  if (rest.trim() !== "") {
    yield { number: number + 1, text: rest };
  }
}

const textOf = (file: string): AsyncIterable<string> => {
  const raw = createReadStream(file);
  if (!file.endsWith(".gz")) {
    return raw.setEncoding("utf8");
  }
  // The callback takes no part: pipeline destroys the last stream with the error, and reading that one throws it.
  return pipeline(raw, createGunzip(), () => {}).setEncoding("utf8");
};
