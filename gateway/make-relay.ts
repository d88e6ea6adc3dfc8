import type { Answer } from "./answer.ts";
import type { AnswerOut } from "./answer-out.ts";
import { ChatEvents } from "./chat-events.ts";
import type { ResponseHeaders } from "./providers/provider.ts";
import type { OnFinish, Relay } from "./relay.ts";
import type { StreamEvents } from "./stream-events.ts";
import { StreamRelay } from "./stream-relay.ts";
import type { Surface } from "./surfaces/surface.ts";
import type { WholeBody } from "./whole-body.ts";
import { chatBody, sameBody, translatedBody } from "./whole-body.ts";
import { WholeRelay } from "./whole-relay.ts";
import { WireEvents } from "./wire-events.ts";
import type { AnswerLabels } from "./wires/answer-event.ts";
import { wires } from "./wires/wire.ts";
import type { WireName } from "./wires/wire-name.ts";

/** What a relay is made from. */
export interface RelayArgs {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly out: AnswerOut;
  readonly answer: Answer;
  readonly surface: Surface;
  /** The format of the provider's answer. */
  readonly wire: WireName;
  readonly labels: AnswerLabels;
  /** Whether the gateway asked for token counts that the caller did not want. */
  readonly hidesUsage: boolean;
  readonly onContent: () => void;
  /** Ends the call's record; it comes before the last bytes. */
  readonly onFinish: OnFinish;
  /** Hears of an error at the beginning of the answer; true when another answer takes its place. */
  readonly onFault: OnFinish;
}

/** The relay that an answer needs: it is the answer's own type that tells a stream, not what was asked for. */
export const makeRelay = (args: RelayArgs): Relay => {
  const { status, headers } = args;
  const isReadable = (headers["content-encoding"] ?? "identity") === "identity";
  return isReadable && status === 200 && isEventStream(headers["content-type"])
    ? new StreamRelay({ ...args, events: eventsOf(args) })
    : new WholeRelay({ ...args, isReadable, body: bodyOf(args) });
};

/** Both of these are read by `Answer` itself, without a step in between. */
const isOpenAi = (wire: WireName): boolean => wire === "chat" || wire === "embeddings";

const eventsOf = (args: RelayArgs): StreamEvents => {
  const { surface, wire, labels } = args;
  if (surface.wire === wire && isOpenAi(wire)) {
    return new ChatEvents(args);
  }
  const writer = surface.wire === wire ? null : surface.openWriter(labels);
  return new WireEvents({ ...args, reader: wires[wire].openReader(labels.model), writer });
};

const bodyOf = (args: RelayArgs): WholeBody => {
  const { surface, wire, answer } = args;
  if (surface.wire === wire && isOpenAi(wire)) {
    return chatBody(answer);
  }
  const reader = wires[wire].openReader(args.labels.model);
  return surface.wire === wire ? sameBody(answer, reader) : translatedBody({ ...args, reader });
};

const isEventStream = (contentType: string | readonly string[] | undefined): boolean =>
  typeof contentType === "string" && contentType.toLowerCase().startsWith("text/event-stream");
