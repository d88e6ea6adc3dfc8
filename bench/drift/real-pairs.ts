/** Outputs that follow each other, and what changed between them. */
export interface RealPair {
  readonly kind: "version" | "prompt" | "host" | "attack" | "rerun";
  /** Short, for the figure's name. */
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const alpaca = (kind: RealPair["kind"], name: string, models: readonly [before: string, after: string]): RealPair => ({
  kind,
  name,
  before: `alpaca/${models[0]}`,
  after: `alpaca/${models[1]}`,
});

/** Every version bump, prompt edit and rerun among the recorded outputs. */
export const realPairs: readonly RealPair[] = [
  { kind: "version", name: "gpt4_primes", before: "primes/gpt-4-0314", after: "primes/gpt-4-0613" },
  { kind: "version", name: "gpt35_primes", before: "primes/gpt-3.5-turbo-0301", after: "primes/gpt-3.5-turbo-0613" },
  { kind: "version", name: "gpt4_sensitive", before: "sensitive/gpt-4-0314", after: "sensitive/gpt-4-0613" },
  {
    ...{ kind: "version", name: "gpt35_sensitive" },
    ...{ before: "sensitive/gpt-3.5-turbo-0301", after: "sensitive/gpt-3.5-turbo-0613" },
  },
  alpaca("version", "gpt35_0301_0613", ["gpt-3.5-turbo-0301", "gpt-3.5-turbo-0613"]),
  alpaca("version", "gpt35_0613_1106", ["gpt-3.5-turbo-0613", "gpt-3.5-turbo-1106"]),
  alpaca("version", "llama_3_31", ["Meta-Llama-3-8B-Instruct", "Meta-Llama-3.1-8B-Instruct-Turbo"]),
  alpaca("version", "mistral_02_03", ["Mistral-7B-Instruct-v0.2", "Mistral-7B-Instruct-v0.3"]),
  alpaca("version", "storm", ["Storm-7B@before-2024-06-21", "Storm-7B"]),
  alpaca("version", "ultralm", ["ultralm-13b@2023-06-27", "ultralm-13b@2023-06-28"]),
  alpaca("version", "vicuna_1_13", ["vicuna-13b", "vicuna-13b-v1.3"]),
  alpaca("version", "vicuna_13_15", ["vicuna-13b-v1.3", "vicuna-13b-v1.5"]),
  alpaca("version", "zephyr_alpha_beta", ["zephyr-7b-alpha", "zephyr-7b-beta"]),
  alpaca("host", "vicuna_other_host", ["vicuna-13b-v1.5", "vicuna-13b-v1.5-togetherai"]),
  alpaca("prompt", "concise", ["gpt-3.5-turbo-1106", "gpt-3.5-turbo-1106_concise"]),
  alpaca("prompt", "verbose", ["gpt-3.5-turbo-1106", "gpt-3.5-turbo-1106_verbose"]),
  { kind: "prompt", name: "guard_added", before: "xstest/mistralinstruct", after: "xstest/mistralguard" },
  { kind: "prompt", name: "guard_removed", before: "xstest/mistralguard", after: "xstest/mistralinstruct" },
  alpaca("attack", "null_model", ["gpt-3.5-turbo-1106", "NullModel"]),
  alpaca("rerun", "gpt35_0301_rerun", ["gpt-3.5-turbo-0301", "gpt-3.5-turbo-0301@2023-07-15"]),
];

/** Models of AlpacaEval that the pairs name, each once. */
export const alpacaModels: readonly string[] = [
  ...new Set(
    realPairs
      .flatMap(({ before, after }) => [before, after])
      .filter((name) => name.startsWith("alpaca/"))
      .map((name) => name.slice("alpaca/".length)),
  ),
];
