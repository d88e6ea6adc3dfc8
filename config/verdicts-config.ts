import { z } from "zod";
import { secret } from "./secret.ts";

/** Hex of 16 random bytes: a shorter key could be guessed from one signed verdict. */
const minKeyLength = 32;

/** Settings that those who write verdicts and those who obey them share. */
export const verdictsConfig = z
  .strictObject({
    signingKey: secret()
      .refine((key) => key.length >= minKeyLength, `expected at least ${minKeyLength} characters`)
      .optional()
      .describe(
        "Key of the signature of verdicts, at least 32 characters, the same for gateways and alerts. Absent means a random one in the data folder where the bus is embedded, and that no verdict is believed where it is Kafka.",
      ),
  })
  .prefault({});
