/** What the provider does with a call, or its caller. */
export type Behaviour = "answer" | "abort" | "stall" | "silence" | "cut" | "400" | "404" | "429" | "500";

/** A call of the mix. */
export interface MixedCall {
  readonly number: number;
  readonly path: "/chat/completions" | "/messages" | "/responses" | "/embeddings";
  readonly isStream: boolean;
  readonly behaviour: Behaviour;
}

const kinds = [
  { path: "/chat/completions", isStream: false },
  { path: "/chat/completions", isStream: true },
  { path: "/messages", isStream: false },
  { path: "/messages", isStream: true },
  { path: "/responses", isStream: false },
  { path: "/responses", isStream: true },
  { path: "/embeddings", isStream: false },
] as const;

/** Of a thousand calls fifty go wrong: each behaviour and the first draw that is no longer its own. */
const wrongs: readonly (readonly [Behaviour, number])[] = [
  ["abort", 12],
  ["stall", 16],
  ["silence", 20],
  ["cut", 28],
  ["400", 33],
  ["404", 36],
  ["429", 40],
  ["500", 50],
];

/** The call of a number, from 1: always the same one. */
export const mixedCall = (number: number): MixedCall => {
  // Knuth's multiplicative hash spreads what goes wrong evenly over the numbers and over the kinds.
  const draw = (Math.imul(number, 2_654_435_761) >>> 8) % 1_000;
  const behaviour = wrongs.find(([, below]) => draw < below)?.[0] ?? "answer";
  const { path, isStream } = kinds[number % kinds.length] ?? kinds[0];
  return { number, path, isStream, behaviour };
};

/** Whether a call takes as long as the limits of the gateway allow. */
export const isSlow = ({ behaviour }: MixedCall): boolean => behaviour === "stall" || behaviour === "silence";

/** The request of a call; its text tells the provider what to do. */
export const bodyOf = ({ number, path, isStream, behaviour }: MixedCall): string => {
  const text = `Is it so? call ${number} does ${behaviour};`;
  const stream = isStream ? { stream: true } : {};
  switch (path) {
    case "/chat/completions":
      return JSON.stringify({ model: "soak-chat", messages: [{ role: "user", content: text }], ...stream });
    case "/messages":
      return JSON.stringify({
        model: "soak-messages",
        max_tokens: 100,
        messages: [{ role: "user", content: text }],
        ...stream,
      });
    case "/responses":
      return JSON.stringify({ model: "soak-chat", input: text, ...stream });
    case "/embeddings":
      return JSON.stringify({ model: "soak-chat", input: text });
  }
};

/** What stands in the last event of a whole stream. */
export const lastEventOf = ({ path }: MixedCall): string => {
  switch (path) {
    case "/messages":
      return "message_stop";
    case "/responses":
      return "response.completed";
    default:
      return "data: [DONE]";
  }
};
