import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { dataFolder } from "../../test/support/needs.ts";

/** Characters of each text: what a target of answers of 1 KB means. */
const characters = 1_024;
const models = ["gpt-3.5-turbo-0301", "gpt-3.5-turbo-1106", "vicuna-13b", "Meta-Llama-3-8B-Instruct"];

const row = z.object({ output: z.string() });

/** Real answers of models, the first 1,024 characters of each; null where there are no recorded data. */
export const realAnswers = (): readonly string[] | null => {
  const files = models.map((model) => join(dataFolder(), "alpaca_eval", "outputs", `${model}.jsonl.gz`));
  return files.every((file) => existsSync(file)) ? files.flatMap(readAnswers) : null;
};

const readAnswers = (file: string): readonly string[] =>
  gunzipSync(readFileSync(file))
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((line) => row.parse(JSON.parse(line)).output)
    .filter((output) => output.length >= characters)
    .map((output) => flat(output.slice(0, characters)));

/** A copy with memory of its own: a piece of a longer text is slower to read, and none comes from the bus. */
const flat = (text: string): string => Buffer.from(text, "utf16le").toString("utf16le");
