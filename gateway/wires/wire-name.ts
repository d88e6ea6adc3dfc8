/** A format in which a provider is spoken to: OpenAI's three, Anthropic's, Google's two and Amazon's. */
export type WireName = "chat" | "responses" | "embeddings" | "messages" | "gemini" | "gemini_embeddings" | "converse";
