import type { Answer } from "./answer.ts";
import { isRecord } from "./is-record.ts";
import { parseJson } from "./parse-json.ts";
import type { SseData } from "./sse-data.ts";
import type { StreamEvents } from "./stream-events.ts";
import type { AnswerEvent, AnswerReader, AnswerWriter } from "./wires/answer-event.ts";

/** What the reader of a stream in any format works with. */
export interface WireEventsArgs {
  readonly answer: Answer;
  readonly reader: AnswerReader;
  /** Writes the caller's format; null where that is the provider's, whose bytes are then passed on as they are. */
  readonly writer: AnswerWriter | null;
  readonly onContent: () => void;
}

const doneText = "[DONE]";
const noBytes = Buffer.alloc(0);
const unreadable: AnswerEvent = {
  kind: "error",
  errorType: "malformed_chunk",
  message: "A part of the provider's answer could not be read, and is missing.",
};

/** Events of any format, passed on as they are or written anew in the caller's. */
export class WireEvents implements StreamEvents {
  readonly passesUnread: boolean;
  readonly #args: WireEventsArgs;
  #isDone = false;
  #hasFailed = false;

  constructor(args: WireEventsArgs) {
    this.#args = args;
    this.passesUnread = args.writer === null;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  readAlike(): null {
    return null;
  }

  read(event: Buffer, data: SseData): Buffer {
    const written = this.#steps(data.text);
    this.#isDone = this.#args.reader.isDone || data.text.trim() === doneText;
    if (this.#args.writer === null) {
      return event;
    }
    const text = this.#isDone ? written + this.#closing() : written;
    return text === "" ? noBytes : Buffer.from(text);
  }

  end(): Buffer {
    return Buffer.from(this.#closing());
  }

  #steps(text: string): string {
    const { answer, reader, writer, onContent } = this.#args;
    const parsed = parseJson(text);
    if (parsed === undefined && text.trim() !== doneText) {
      answer.sawMalformed();
    }
    let written = "";
    for (const step of isRecord(parsed) ? reader.readEvent(parsed) : []) {
      this.#hasFailed ||= step.kind === "error";
      if (answer.take(step)) {
        onContent();
      }
      written += writer?.write(step) ?? "";
    }
    return written;
  }

  /** An answer that ended in an error has said so, and is not said to be whole as well; neither is one with a hole. */
  #closing(): string {
    const { answer, writer } = this.#args;
    if (this.#hasFailed || writer === null) {
      return "";
    }
    return answer.isMalformed ? writer.write(unreadable) : writer.end();
  }
}
