import { z } from "zod";

/** A `${VAR}` of a configuration file, with what the environment holds for it; undefined when it is not set. */
export class SecretReference {
  readonly variable: string;
  readonly value: string | undefined;

  constructor(variable: string, value: string | undefined) {
    this.variable = variable;
    this.value = value;
  }
}

/** A secret: the only kind of value in which `${VAR}` is taken from the environment. It is never logged or shown. */
export const secret = (): z.ZodType<string> =>
  z
    .unknown()
    .transform((value, context): string => {
      if (typeof value === "string" && value !== "") {
        return value;
      }
      if (value instanceof SecretReference && value.value !== undefined && value.value !== "") {
        return value.value;
      }
      const message =
        value instanceof SecretReference
          ? `environment variable ${value.variable} is not set`
          : "expected a non-empty text or ${VAR}";
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    })
    .describe("Secret; write `${VAR}` to take it from the environment.");
