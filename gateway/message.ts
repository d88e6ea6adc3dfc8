/** One part of a message in the shape of `gen_ai.input.messages` and `gen_ai.output.messages`. */
export type MessagePart =
  | { readonly type: "text" | "reasoning"; readonly content: string }
  | { readonly type: "tool_call"; readonly id: string; readonly name: string; readonly arguments: string }
  | { readonly type: "tool_call_response"; readonly id: string; readonly result: string }
  /** Images, audio and files: only the kind is kept, never the bytes. */
  | { readonly type: "omitted"; readonly kind: string };

/** One message of a conversation. */
export interface Message {
  readonly role: string;
  readonly parts: readonly MessagePart[];
}
