import type { ChatRequest } from "./chat-request.ts";
import { isRecord } from "./is-record.ts";
import { addMember, replaceMember, scanMembers } from "./json-members.ts";
import { wires } from "./wires/wire.ts";
import type { WireName } from "./wires/wire-name.ts";

/** What must differ between the caller's body and the one that is sent. */
export interface BodyChanges {
  /** Model to ask for; null leaves the caller's. */
  readonly model: string | null;
  /** Whether to ask for token counts on the stream. */
  readonly asksForUsage: boolean;
}

/** The body to send to a target: the caller's bytes, changed in the named members and nowhere else. */
export const outgoingBody = (body: Buffer, chat: ChatRequest, changes: BodyChanges): Buffer => {
  const named =
    changes.model === null || changes.model === chat.model
      ? body
      : replaceMember(body, "model", JSON.stringify(changes.model));
  return changes.asksForUsage ? askForUsage(named, chat) : named;
};

/** The body to send to a target that speaks another format than the caller: written anew in the target's. */
export const translatedBody = (args: {
  readonly wire: WireName;
  readonly chat: ChatRequest;
  readonly model: string;
  /** Whether to ask for token counts on the stream. */
  readonly asksForUsage: boolean;
}): Buffer => {
  const { wire, chat, model, asksForUsage } = args;
  const members = asksForUsage ? { ...chat.asChat, stream_options: { include_usage: true } } : chat.asChat;
  return Buffer.from(JSON.stringify(wires[wire].writeRequest?.(members, model) ?? members));
};

const askForUsage = (body: Buffer, chat: ChatRequest): Buffer => {
  const options = chat.members["stream_options"];
  const asking = '{"include_usage":true}';
  if (options === undefined) {
    return addMember(body, "stream_options", asking);
  }
  if (!isRecord(options)) {
    return replaceMember(body, "stream_options", asking);
  }
  const member = scanMembers(body).findLast(({ name }) => name === "stream_options");
  if (member === undefined) {
    return body;
  }
  const inner = body.subarray(member.valueStart, member.valueEnd);
  const changed =
    options["include_usage"] === undefined
      ? addMember(inner, "include_usage", "true")
      : replaceMember(inner, "include_usage", "true");
  return replaceMember(body, "stream_options", changed.toString("utf8"));
};
