/** What a request may ask for that not every format has a place for, each with the words for it. */
export const features = {
  stream: "streams",
  tools: "tools",
  hosted_tools: "tools that the provider runs itself",
  images: "images",
  image_addresses: "images given by address",
  audio: "audio",
  files: "files and other kinds of content",
  json_object: "answers in JSON",
  json_schema: "answers that keep to a JSON schema",
  choices: "several choices",
  logprobs: "probabilities of tokens",
  stored_state: "state that the provider keeps between calls",
  token_inputs: "inputs given as tokens",
} as const;

/** What a request may ask for. */
export type Feature = keyof typeof features;
