import { openAi } from "./openai-fixture.ts";
import { sse, toolInput } from "./provider-fixture.ts";

const geminiPart = (part: object, more: object = {}): object => ({
  candidates: [{ content: { role: "model", parts: [part] }, index: 0, ...more }],
  modelVersion: "served-1",
  responseId: "answer-1",
});
const geminiCall = { functionCall: { name: "weather", args: toolInput, id: "call-1" } };
const geminiUsage = {
  promptTokenCount: 20,
  cachedContentTokenCount: 5,
  candidatesTokenCount: 7,
  thoughtsTokenCount: 2,
  totalTokenCount: 29,
};
/** The answer as Google gives it. */
export const gemini = {
  whole: {
    candidates: [
      { content: { role: "model", parts: [{ text: "Hello there" }, geminiCall] }, finishReason: "STOP", index: 0 },
    ],
    usageMetadata: geminiUsage,
    modelVersion: "served-1",
    responseId: "answer-1",
  },
  stream: Buffer.from(
    sse(geminiPart({ text: "Hello" }), geminiPart({ text: " there" }), {
      ...geminiPart(geminiCall, { finishReason: "STOP" }),
      usageMetadata: geminiUsage,
    }),
  ),
  streamType: "text/event-stream",
  usage: openAi.usage,
  said: "STOP",
  isNamed: true,
} as const;
