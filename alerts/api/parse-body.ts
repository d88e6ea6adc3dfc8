import { z } from "zod";
import { PlumblineError } from "../../core/errors.ts";
import type { ApiRequest } from "./api-request.ts";
import { headerOf } from "./api-request.ts";

/** Any JSON: whoever takes it says what is wrong with it. */
export const anyJson = z.unknown();

/** The body of a request; throws `http.not_json`, or `http.invalid_request` with every mistake at once. */
export const parseBody = <Schema extends z.ZodType>(schema: Schema, request: ApiRequest): z.infer<Schema> => {
  const type = (headerOf(request, "content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new PlumblineError("http.not_json", "The body must be JSON and say so.");
  }
  return checkValue(schema, jsonOf(request.body), "");
};

/** A value that a schema accepts; throws `http.invalid_request` with every mistake at once, each under `place`. */
export const checkValue = <Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: string,
): z.infer<Schema> => {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new PlumblineError(
      "http.invalid_request",
      parsed.error.issues.map((issue) => sayIssue(issue, place)).join("; "),
    );
  }
  return parsed.data;
};

const jsonOf = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    throw new PlumblineError("http.not_json", "The body is no JSON.", { cause });
  }
};

const sayIssue = ({ path, message }: z.core.$ZodIssue, place: string): string => {
  const where = [...(place === "" ? [] : [place]), ...path.map(String)].join(".");
  return where === "" ? message : `${where}: ${message}`;
};
