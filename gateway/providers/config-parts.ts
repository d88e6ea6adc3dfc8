import { z } from "zod";

/** The address of a provider; keys and passwords have settings of their own. */
export const httpUrl = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !url.includes("@"), "must not hold a user name or password: use apiKey or headers");

/** What a provider is called on the spans. */
export const providerName = (name: string): z.ZodDefault<z.ZodString> =>
  z.string().min(1).max(64).default(name).describe("Value of gen_ai.provider.name on the spans; prices depend on it.");

/** How long idle connections are kept. */
export const keepAliveMs = z
  .int()
  .min(1)
  .max(600_000)
  .default(15_000)
  .describe("Milliseconds that an idle connection is kept, unless the provider announces its own limit.");
