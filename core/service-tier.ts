/** How urgently a provider works on a call, where that has a price of its own. */
export const serviceTiers = ["standard", "flex", "batch", "priority", "other"] as const;

/** How urgently a provider works on a call; `other` is a word that nobody here knows, and has no known price. */
export type ServiceTier = (typeof serviceTiers)[number];

/** The words of providers: OpenAI, Anthropic, Groq, Bedrock, and Google's traffic types. */
const tierOfWord: ReadonlyMap<string, ServiceTier> = new Map([
  ...["standard", "default", "auto", "on_demand", "traffic_type_unspecified"].map(
    (word) => [word, "standard"] as const,
  ),
  ...["flex", "on_demand_flex"].map((word) => [word, "flex"] as const),
  ...["priority", "on_demand_priority"].map((word) => [word, "priority"] as const),
  ["batch", "batch"],
]);

/** The tier that a provider's word stands for; null when it says none, which is paid as the standard one. */
export const serviceTierOf = (word: unknown): ServiceTier | null =>
  typeof word === "string" && word !== "" ? (tierOfWord.get(word.toLowerCase()) ?? "other") : null;
