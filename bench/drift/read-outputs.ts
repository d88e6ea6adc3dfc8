import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { MeasureCall, MeasuredCall } from "../../processors/measure-call.ts";
import { createMeasureCall } from "../../processors/measure-call.ts";
import { readRows } from "../../test/processors/measured.ts";
import { callAt } from "../../test/store/batches.ts";
import { dataFolder } from "../../test/support/needs.ts";

/** What was measured of one call, by series; a category has its value in the name, as it is stored. */
export type Output = Readonly<Record<string, number>>;

const files = {
  llmdrift: ["llmdrift/prime_full", "llmdrift/sensitiveq"],
  xstest: ["xstest/mistralinstruct", "xstest/mistralguard"],
} as const;

const llmdriftRow = z.object({
  task: z.string(),
  model: z.string(),
  query: z.string(),
  answer: z.string(),
  answer_tokens: z.int().nullable(),
});
const xstestRow = z.object({ config: z.string(), prompt: z.string(), completion: z.string() });
const alpacaRow = z.object({ idx: z.int(), output: z.string() });
const promptRow = z.object({ idx: z.int(), instruction: z.string() });

interface Answered {
  readonly name: string;
  readonly prompt: string;
  readonly answer: string;
  /** By the provider; null when it is not known. */
  readonly tokens: number | null;
}

/** What was measured of all calls, one for each prompt, by `set/name`. */
export interface RealOutputs {
  readonly outputs: ReadonlyMap<string, readonly Output[]>;
  /** Embeddings of the answers that have one. */
  readonly embeddings: ReadonlyMap<string, readonly Float32Array[]>;
}

/**
 * The measured outputs of every model or configuration that is named; null where there are no recorded data. They are measured as
 * the pipeline does: question and answer, all measures.
 */
export const readOutputs = (alpacaModels: readonly string[]): RealOutputs | null => {
  const alpaca = alpacaModels.map((model) => `alpaca_eval/outputs/${model}`);
  const wanted = ["alpaca_eval/prompts", ...alpaca, ...files.llmdrift, ...files.xstest].map(pathOf);
  if (!wanted.every((file) => existsSync(file))) {
    return null;
  }
  const measureCall = createMeasureCall();
  const answered = [
    ...readAlpaca(alpacaModels),
    ...files.llmdrift.flatMap(readLlmdrift),
    ...files.xstest.flatMap(readXstest),
  ];
  const byName = [...Map.groupBy(answered, ({ name }) => name)].map(
    ([name, all]) => [name, all.map((one) => measured(measureCall, one))] as const,
  );
  return {
    outputs: new Map(byName.map(([name, all]) => [name, all.map(({ call }) => call.measures ?? {})])),
    embeddings: new Map(byName.map(([name, all]) => [name, all.flatMap(({ embedding }) => embedding ?? [])])),
  };
};

const pathOf = (file: string): string => join(dataFolder(), `${file}.jsonl.gz`);

const readAlpaca = (models: readonly string[]): readonly Answered[] => {
  const prompts = new Map(
    readRows(pathOf("alpaca_eval/prompts"), promptRow).map(({ idx, instruction }) => [idx, instruction]),
  );
  return models.flatMap((model) =>
    readRows(pathOf(`alpaca_eval/outputs/${model}`), alpacaRow).map(({ idx, output }) => ({
      name: `alpaca/${model}`,
      prompt: prompts.get(idx) ?? "",
      answer: output,
      tokens: null,
    })),
  );
};

/** Primes and composites are one task: half of the questions have the answer yes. */
const readLlmdrift = (file: string): readonly Answered[] =>
  readRows(pathOf(file), llmdriftRow).map(({ task, model, query, answer, answer_tokens }) => ({
    name: `${task === "sensitiveq" ? "sensitive" : "primes"}/${model}`,
    prompt: query,
    answer,
    tokens: answer_tokens,
  }));

const readXstest = (file: string): readonly Answered[] =>
  readRows(pathOf(file), xstestRow).map(({ config, prompt, completion }) => ({
    name: `xstest/${config}`,
    prompt,
    answer: completion,
    tokens: null,
  }));

const measured = (measureCall: MeasureCall, { prompt, answer, tokens }: Answered): MeasuredCall => {
  const call = callAt(0, {
    usage: {
      ...{ inputTokens: null, outputTokens: tokens, cacheReadTokens: null, cacheWriteTokens: null },
      ...{ reasoningTokens: null, parts: {}, tier: null, source: tokens === null ? "none" : "provider" },
    },
  });
  return measureCall(call, {
    inputMessages: JSON.stringify([message("user", prompt)]),
    outputMessages: JSON.stringify([message("assistant", answer)]),
  });
};

const message = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });
