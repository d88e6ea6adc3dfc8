/** A tool call that a model made. */
export interface MeasuredToolCall {
  readonly name: string;
  /** The arguments as the model wrote them, or the JSON of an object that was parsed already. */
  readonly arguments: string;
}

/** What a stored message says, in the words its model or user wrote. */
export interface MeasuredMessage {
  readonly role: string;
  /** Its text parts, a line between two; empty when it has none. Reasoning is left out: callers do not see it. */
  readonly text: string;
  readonly toolCalls: readonly MeasuredToolCall[];
  /** Whether text was cut off where it was stored, so that its length, end and syntax are not known. */
  readonly isCut: boolean;
}

/** Texts that were cut carry one of the marks `[CUT]` and `[CUT 123 bytes]`. */
const cutMark = /\[CUT(?: \d{1,12} bytes)?\]/;

/** Reads the JSON of `gen_ai.input.messages` or `gen_ai.output.messages`; null when it is none. */
export const readMessages = (json: string | null): readonly MeasuredMessage[] | null => {
  const value = json === null ? null : parse(json);
  return Array.isArray(value) ? value.filter(isRecord).map(readMessage) : null;
};

/** What an answer is measured by, as far as its messages say. */
export interface FirstChoice {
  /** Null when no text was kept; empty when the model wrote none. */
  readonly text: string | null;
  /** Null when they are not known. */
  readonly toolCalls: readonly MeasuredToolCall[] | null;
  /** Whether text was cut off where it was stored. */
  readonly isCut: boolean;
}

/** The first choice of an answer, which is the one that is measured; all null when its messages were not kept. */
export const firstChoice = (messages: readonly MeasuredMessage[] | null): FirstChoice => {
  const [choice] = messages ?? [];
  return choice ?? { text: null, toolCalls: null, isCut: false };
};

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
};

/** Parts as the conventions have them, or a plain `content` as older instrumentation writes it. */
const readMessage = (message: Readonly<Record<string, unknown>>): MeasuredMessage => {
  const { role, parts, content } = message;
  const list: readonly unknown[] = Array.isArray(parts) ? parts : [{ type: "text", content }];
  const known = list.filter(isRecord);
  const text = known
    .filter(({ type, content: text }) => type === "text" && typeof text === "string" && text !== "")
    .map(({ content: text }) => textOf(text))
    .join("\n");
  const toolCalls = known.filter(({ type }) => type === "tool_call").map(readToolCall);
  const isCut = cutMark.test(text) || toolCalls.some((call) => cutMark.test(call.arguments));
  return { role: textOf(role), text, toolCalls, isCut };
};

const readToolCall = ({ name, arguments: values }: Readonly<Record<string, unknown>>): MeasuredToolCall => ({
  name: textOf(name),
  arguments: typeof values === "string" ? values : (JSON.stringify(values) ?? ""),
});

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
