import { z } from "zod";
import { secret } from "../config/secret.ts";

/** Settings of an endpoint that embeds answers besides the embedding of our own; absent means that none is asked. */
export const embedderConfig = z
  .strictObject({
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .describe("Address up to, and not including, /embeddings, in the words of OpenAI's interface."),
    model: z.string().min(1).max(200).describe("Model that is asked for."),
    apiKey: secret().optional().describe("Sent as a bearer token; absent means that none is sent."),
    apiKeyFile: z
      .string()
      .min(1)
      .optional()
      .describe("File that holds the key in place of `apiKey`; read anew after every failure, so that it may change."),
    dimensions: z.int().min(1).max(8_192).describe("Numbers that every vector must have."),
    asksDimensions: z
      .boolean()
      .default(true)
      .describe("Whether `dimensions` is asked for; false for models that make vectors of one length only."),
    policies: z
      .array(z.enum(["measures", "redacted", "full"]))
      .min(1)
      .default(["redacted", "full"])
      .describe(
        "Content policies whose texts are sent, as they would be stored; `measures` sends redacted texts that are stored nowhere.",
      ),
    share: z
      .number()
      .positive()
      .max(1)
      .default(1)
      .describe("Share of the calls that is embedded, chosen by the id of the call."),
    answerCharacters: z
      .int()
      .min(100)
      .max(65_536)
      .default(4_000)
      .describe("Characters at the beginning of an answer that are sent."),
    charactersPerMinute: z
      .int()
      .min(1_000)
      .max(1_000_000_000)
      .default(1_000_000)
      .describe("Characters that one process sends in a minute at most; some four of them are a token."),
    batchAnswers: z.int().min(1).max(2_048).default(64).describe("Answers of one request at most."),
    parallel: z
      .int()
      .min(1)
      .max(32)
      .default(2)
      .describe("Requests for one batch of the store that are under way at once."),
    timeoutMs: z
      .int()
      .min(50)
      .max(30_000)
      .default(2_000)
      .describe("Most milliseconds that a batch of the store waits for the embeddings of its answers."),
  })
  .refine(({ apiKey, apiKeyFile }) => apiKey === undefined || apiKeyFile === undefined, {
    path: ["apiKeyFile"],
    message: "give apiKey or apiKeyFile, not both",
  });

/** Settings of an endpoint that embeds answers. */
export type EmbedderConfig = z.infer<typeof embedderConfig>;
