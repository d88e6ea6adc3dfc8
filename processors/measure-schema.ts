import { z } from "zod";
import type { MatchesSchema } from "./measure-json.ts";

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

/**
 * Makes the check of a JSON Schema; null when it cannot be checked here. Regular expressions are a caller's, and could take
 * for ever: a schema that has one is not checked.
 */
export const createMatchesSchema = (schema: unknown): MatchesSchema | null => {
  try {
    if (!isSchema(schema) || /"pattern(?:Properties)?"\s*:/.test(JSON.stringify(schema))) {
      return null;
    }
    const checked = z.fromJSONSchema(schema);
    return (value) => checked.safeParse(value).success;
  } catch {
    return null;
  }
};

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "boolean" || (typeof value === "object" && value !== null && !Array.isArray(value));
