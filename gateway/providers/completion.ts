/** The counts of an answer in OpenAI's words. */
export interface CompletionUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  /** Only there, and true, when counts were estimated. */
  readonly estimated?: true;
}

/** An answer before it is written as a completion or as a stream. */
export interface CompletionText {
  readonly id: string;
  readonly model: string;
  /** Seconds since the Unix epoch. */
  readonly created: number;
  readonly finishReason: string;
  readonly usage: CompletionUsage;
}

/** A whole chat completion as OpenAI's API sends it. */
export const completionBody = (completion: CompletionText, content: string): Buffer => {
  const { id, model, created, finishReason, usage } = completion;
  const message = { role: "assistant", content, refusal: null };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: finishReason }];
  return Buffer.from(JSON.stringify({ id, object: "chat.completion", created, model, choices, usage }));
};

/** One chunk of a streamed completion: `delta` is an object of OpenAI's chunk format. */
export const deltaEvent = (
  completion: CompletionText,
  delta: Readonly<Record<string, string>>,
  options: { readonly hasUsage: boolean; readonly isLast?: boolean },
): Buffer => {
  const { id, model, created, finishReason } = completion;
  const finish = options.isLast === true ? finishReason : null;
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  const usage = options.hasUsage ? { usage: null } : {};
  return event({ id, object: "chat.completion.chunk", created, model, choices, ...usage });
};

/** The last chunk of a stream whose caller asked for token counts. */
export const usageEvent = (completion: CompletionText): Buffer => {
  const { id, model, created, usage } = completion;
  return event({ id, object: "chat.completion.chunk", created, model, choices: [], usage });
};

/** The end of a stream. */
export const doneEvent = (): Buffer => Buffer.from("data: [DONE]\n\n");

/** An error as OpenAI's API sends it. */
export const providerErrorBody = (error: {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}): Buffer => Buffer.from(JSON.stringify({ error }));

const event = (value: unknown): Buffer => Buffer.from(`data: ${JSON.stringify(value)}\n\n`);
