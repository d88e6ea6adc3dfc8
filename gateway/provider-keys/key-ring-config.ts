import { z } from "zod";
import { secret } from "../../config/secret.ts";

const aMinute = (what: string): z.ZodOptional<z.ZodInt> =>
  z
    .int()
    .min(1)
    .max(1_000_000_000)
    .optional()
    .describe(`${what} that it is used for in any 60 seconds, by this gateway; absent sets no limit.`);

const providerKey = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, "expected 1 to 64 letters, digits, dots, underscores and hyphens")
    .describe("Name of the key in spans, logs and metrics; it is no secret."),
  key: secret().describe("The key itself, sent as apiKey would be."),
  requestsPerMinute: aMinute("Attempts"),
  tokensPerMinute: aMinute("Tokens, reserved by what an attempt can come to and settled when it has ended,"),
  weight: z
    .number()
    .gt(0)
    .max(1_000_000)
    .default(1)
    .describe("Share of the attempts, relative to the provider's other keys that have room."),
});

/** One of several keys of a provider. */
export type ProviderKeyConfig = z.infer<typeof providerKey>;

/** Several keys of one provider, in the place of its `apiKey`. */
export const providerKeys = z
  .array(providerKey)
  .min(1)
  .max(100)
  .optional()
  .describe("Several keys, in the place of apiKey; each attempt is sent with one that has room and does not rest.");

/** How long a key of several is left alone that its provider has refused or limited. */
export const keyPauseConfig = z
  .strictObject({
    refusedMs: z
      .int()
      .min(1)
      .max(86_400_000)
      .default(30_000)
      .describe("Milliseconds until one attempt tries a refused key again; it doubles each time that one is refused."),
    maxMs: z
      .int()
      .min(1)
      .max(86_400_000)
      .default(3_600_000)
      .describe("Longest rest of a key in milliseconds, whatever Retry-After asks for."),
    limitedMs: z
      .int()
      .min(0)
      .max(86_400_000)
      .default(1_000)
      .describe("Milliseconds that a key rests after a 429 without Retry-After."),
  })
  .prefault({});

/** How long a key of several is left alone that its provider has refused or limited. */
export type KeyPauseConfig = z.infer<typeof keyPauseConfig>;
