import { isRecord } from "../is-record.ts";
import { parseJson } from "../parse-json.ts";
import type { EventStreamMessage } from "./event-stream.ts";
import { EventStreamReader } from "./event-stream.ts";
import type { AnswerSink, ProviderFailure, ResponseHeaders } from "./provider.ts";

const binaryType = "application/vnd.amazon.eventstream";

/**
 * Turns Amazon's binary event stream into server-sent events on its way: each is an object with one member, named after the
 * event. Answers of other types pass as they are.
 */
export class BedrockSink implements AnswerSink {
  readonly #sink: AnswerSink;
  readonly #abort: () => void;
  #reader: EventStreamReader | null = null;
  #isOver = false;

  /** `abort` lets go of the answer when its bytes turn out to be no event stream. */
  constructor(sink: AnswerSink, abort: () => void) {
    this.#sink = sink;
    this.#abort = abort;
  }

  onHead(status: number, headers: ResponseHeaders): void {
    const isBinary = headers["content-type"] === binaryType;
    this.#reader = isBinary ? new EventStreamReader() : null;
    this.#sink.onHead(status, isBinary ? { ...headers, "content-type": "text/event-stream" } : headers);
  }

  onChunk(chunk: Buffer): void {
    if (this.#reader === null || this.#isOver) {
      this.#pass(chunk);
      return;
    }
    const read = this.#reader.push(chunk);
    if (!read.ok) {
      this.#abort();
      this.onFailure({ kind: "cut", errorType: "malformed_frame" });
      return;
    }
    if (read.messages.length > 0) {
      this.#pass(Buffer.from(read.messages.map(eventOf).join("")));
    }
  }

  onEnd(): void {
    if (this.#reader?.isMidMessage === true) {
      this.onFailure({ kind: "cut", errorType: "incomplete" });
    } else if (!this.#isOver) {
      this.#sink.onEnd();
    }
  }

  onFailure(failure: ProviderFailure): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#sink.onFailure(failure);
    }
  }

  #pass(chunk: Buffer): void {
    if (!this.#isOver) {
      this.#sink.onChunk(chunk);
    }
  }
}

/** JSON has no line feeds but within strings, where they are escaped: a payload is one line of data. */
const eventOf = ({ headers, payload }: EventStreamMessage): string => {
  const text = payload.length === 0 ? "{}" : payload.toString("utf8").replaceAll(/[\r\n]/g, " ");
  const kind = headers.get(":message-type");
  if (kind === "event") {
    return `data: {${JSON.stringify(headers.get(":event-type") ?? "")}:${text}}\n\n`;
  }
  const type = headers.get(":exception-type") ?? headers.get(":error-code") ?? "_OTHER";
  const message = kind === "exception" ? messageOf(text) : (headers.get(":error-message") ?? "");
  return `data: ${JSON.stringify({ exception: { type, message } })}\n\n`;
};

const messageOf = (text: string): string => {
  const value = parseJson(text);
  return isRecord(value) && typeof value["message"] === "string" ? value["message"] : "";
};
