import { z } from "zod";

/** What a lost attempt of a call used. */
const wastedTokens = z.object({
  provider: z.string(),
  model: z.string(),
  inputTokens: z.int().min(0).max(1_000_000_000),
  outputTokens: z.int().min(0).max(1_000_000_000),
});

/** What the lost attempts of a call used, as it stands on its span in JSON; those that used nothing are left out. */
export const wastedTokensList = z.array(wastedTokens).max(8);

/** What a lost attempt of a call used: the provider's counts where it sent any, else estimates. */
export type WastedTokens = z.infer<typeof wastedTokens>;
