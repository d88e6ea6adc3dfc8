import type { ChatRequest } from "../chat-request.ts";
import { embeddingInputs } from "./embeddings/embedding-inputs.ts";
import type { Feature } from "./feature.ts";
import { nameOf, recordOf, recordsOf } from "./json-values.ts";

type Members = Readonly<Record<string, unknown>>;

/** What a request asks for that a format may have no place for. */
export const featuresOf = (chat: ChatRequest, operation: "chat" | "embeddings"): ReadonlySet<Feature> => {
  const { asChat, members } = chat;
  if (operation === "embeddings") {
    return new Set(embeddingInputs(members["input"]) === null ? ["token_inputs"] : []);
  }
  const asked: Readonly<Record<Exclude<Feature, "token_inputs" | "images" | "image_addresses" | "files">, boolean>> = {
    stream: chat.isStream,
    tools: recordsOf(asChat["tools"]).some(isFunction),
    hosted_tools: recordsOf(asChat["tools"]).some((tool) => !isFunction(tool)),
    audio: Array.isArray(asChat["modalities"]) && asChat["modalities"].includes("audio"),
    json_object: formatOf(asChat) === "json_object",
    json_schema: formatOf(asChat) === "json_schema",
    choices: typeof asChat["n"] === "number" && asChat["n"] > 1,
    logprobs: asChat["logprobs"] === true,
    stored_state: keepsState(members),
  };
  const inParts = chat.messages.flatMap(({ role, content }) =>
    recordsOf(content).flatMap(role === "tool" ? featureOfResult : featureOfPart),
  );
  return new Set([...keysOf(asked), ...inParts]);
};

const keysOf = <K extends string>(asked: Readonly<Record<K, boolean>>): readonly K[] => {
  const keys: K[] = [];
  for (const key in asked) {
    if (asked[key]) {
      keys.push(key);
    }
  }
  return keys;
};

const isFunction = (tool: Members): boolean => tool["type"] === "function";

const formatOf = (members: Members): unknown => recordOf(members["response_format"])["type"];

/** Members of OpenAI's responses that refer to what OpenAI keeps. */
const keepsState = (members: Members): boolean =>
  nameOf(members["previous_response_id"]) !== null ||
  (members["conversation"] ?? null) !== null ||
  (members["prompt"] ?? null) !== null ||
  members["background"] === true;

/** The results of tools are translated where they are text. */
const featureOfResult = (part: Members): readonly Feature[] => (part["type"] === "text" ? [] : ["files"]);

const featureOfPart = (part: Members): readonly Feature[] => {
  switch (part["type"]) {
    case "text":
    case "refusal":
      return [];
    case "image_url": {
      const isData = nameOf(recordOf(part["image_url"])["url"])?.startsWith("data:") === true;
      return isData ? ["images"] : ["images", "image_addresses"];
    }
    case "input_audio":
      return ["audio"];
    default:
      return ["files"];
  }
};
