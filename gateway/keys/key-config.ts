import { z } from "zod";
import { demandFields } from "../constraints/place-config.ts";

/** A name as it may stand in records: printable ASCII. */
export const label = z.string().regex(/^[\x20-\x7e]{1,128}$/, "expected 1 to 128 characters of printable ASCII");

const isTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));

/** Most tokens that a call may have on one side. */
export const tokenCap = z.int().min(1).max(100_000_000);

/** A virtual key: what callers authenticate with. Only its hash is kept; `plumbline keys create` makes one. */
export const keyConfig = z.strictObject({
  id: label.describe("Name of the key in records; it is no secret."),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "expected 64 hex characters in lower case")
    .describe("SHA-256 of the key, in hex."),
  organisation: label.optional().describe("Organisation that the key belongs to."),
  team: label.optional().describe("Team that the key belongs to; a team has one organisation."),
  tenant: label.optional().describe("Tenant of the key's calls; absent means what x-plumbline-tenant says."),
  user: label.optional().describe("Whose key it is; absent means the `user` that each request names."),
  models: z.array(z.string().min(1)).min(1).optional().describe("Models that may be asked for; absent allows all."),
  routes: z.array(z.string().min(1)).min(1).optional().describe("Routes that may be used; absent allows all."),
  ...demandFields,
  expiresAt: z
    .string()
    .refine(isTime, "expected a time such as 2027-01-31T12:00:00Z")
    .optional()
    .describe("When the key ends, in ISO 8601 with an offset or Z; absent means never."),
  isDisabled: z.boolean().default(false).describe("True refuses the key."),
  maxInputTokens: tokenCap
    .optional()
    .describe("Most input tokens of a call, counted as estimated from its text; a longer one is refused."),
  maxOutputTokens: tokenCap
    .optional()
    .describe("Most output tokens that a call may ask for; one that asks for no number gets this one."),
});

/** The parsed settings of one virtual key. */
export type KeyConfig = z.infer<typeof keyConfig>;
