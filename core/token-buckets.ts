import type { Usage } from "./usage.ts";

/** What tokens are paid as: every token of a call is in exactly one bucket. */
export const tokenBuckets = [
  "input",
  "inputAudio",
  "inputImage",
  "cacheRead",
  "cacheReadAudio",
  "cacheReadImage",
  "cacheWrite",
  "cacheWrite1h",
  "output",
  "outputAudio",
  "outputImage",
] as const;

/** What tokens are paid as. */
export type TokenBucket = (typeof tokenBuckets)[number];

/** A number for each bucket. */
export type PerBucket = Readonly<Record<TokenBucket, number>>;

/**
 * The tokens of a call by what they are paid as; counts that are not known are 0. A provider's parts can be larger than their
 * whole: a part is then capped by what is left of it, in the order cache read, cache write, audio, images, so that the sum of
 * all buckets is the input and the output that the provider told, and no token is paid twice.
 */
export const bucketsOf = (usage: Usage): PerBucket => {
  const { parts } = usage;
  const input = splitter(usage.inputTokens);
  const read = splitter(input.take(usage.cacheReadTokens));
  const written = splitter(input.take(usage.cacheWriteTokens));
  const cacheReadAudio = read.take(parts.cacheReadAudio);
  const cacheReadImage = read.take(parts.cacheReadImage);
  const inputAudio = input.take(Math.max(0, (parts.inputAudio ?? 0) - cacheReadAudio));
  const inputImage = input.take(Math.max(0, (parts.inputImage ?? 0) - cacheReadImage));
  const cacheWrite1h = written.take(parts.cacheWrite1h);
  const output = splitter(usage.outputTokens);
  const outputAudio = output.take(parts.outputAudio);
  const outputImage = output.take(parts.outputImage);
  return {
    input: input.rest(),
    inputAudio,
    inputImage,
    cacheRead: read.rest(),
    cacheReadAudio,
    cacheReadImage,
    cacheWrite: written.rest(),
    cacheWrite1h,
    output: output.rest(),
    outputAudio,
    outputImage,
  };
};

interface Splitter {
  /** Takes a part out of what is left, as far as it goes. */
  readonly take: (part: number | null | undefined) => number;
  readonly rest: () => number;
}

const splitter = (whole: number | null): Splitter => {
  let left = whole ?? 0;
  return {
    take: (part) => {
      const taken = Math.min(part ?? 0, left);
      left -= taken;
      return taken;
    },
    rest: () => left,
  };
};
