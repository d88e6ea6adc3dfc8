import { countOf, nameOf, recordOf, recordsOf, textOf } from "../json-values.ts";

type Members = Readonly<Record<string, unknown>>;

/** A tool that the model may call. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string | undefined;
  /** JSON schema of its arguments. */
  readonly schema: Members;
}

/** The tools of a chat completion request. */
export const toolsOf = (members: Members): readonly ToolDefinition[] =>
  recordsOf(members["tools"]).map((tool) => {
    const details = recordOf(tool["function"]);
    return {
      name: textOf(details["name"]),
      description: nameOf(details["description"]) ?? undefined,
      schema: { type: "object", properties: {}, ...recordOf(details["parameters"]) },
    };
  });

/** Which tools the model has to call. */
export type ToolChoice =
  | { readonly kind: "auto" | "required" | "none" }
  | { readonly kind: "named"; readonly name: string };

/** The tool choice of a chat completion request; null when it makes none. */
export const toolChoiceOf = (members: Members): ToolChoice | null => {
  const choice = members["tool_choice"];
  if (choice === "auto" || choice === "required" || choice === "none") {
    return { kind: choice };
  }
  const name = nameOf(recordOf(recordOf(choice)["function"])["name"]);
  return name === null ? null : { kind: "named", name };
};

/** Texts at which the answer is to end; undefined when there are none. */
export const stopsOf = ({ stop }: Members): readonly string[] | undefined => {
  const texts = (Array.isArray(stop) ? stop : [stop]).filter((text) => typeof text === "string");
  return texts.length === 0 ? undefined : texts;
};

/** The most output tokens asked for; undefined when no limit is. */
export const maxTokensOf = (members: Members): number | undefined =>
  countOf(members["max_completion_tokens"]) ?? countOf(members["max_tokens"]) ?? undefined;

/** The JSON schema the answer must keep to; null when it need not. */
export const answerSchemaOf = (members: Members): Members | null => {
  const format = recordOf(members["response_format"]);
  return format["type"] === "json_schema" ? recordOf(recordOf(format["json_schema"])["schema"]) : null;
};
