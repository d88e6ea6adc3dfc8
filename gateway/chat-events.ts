import type { Answer } from "./answer.ts";
import { ChunkPattern } from "./chunk-pattern.ts";
import { parseJson } from "./parse-json.ts";
import type { SseData } from "./sse-data.ts";
import type { AlikeEvents, StreamEvents } from "./stream-events.ts";
import { withoutUsage } from "./usage-events.ts";

/** What the reader of a stream of chat completion chunks works with. */
export interface ChatEventsArgs {
  readonly answer: Answer;
  /** Whether the gateway asked for token counts that the caller did not want. */
  readonly hidesUsage: boolean;
  readonly onContent: () => void;
}

const doneText = "[DONE]";
const noBytes = Buffer.alloc(0);

/** Chunks of chat completions for a caller of chat completions: passed on as they are, but for counts nobody asked for. */
export class ChatEvents implements StreamEvents {
  readonly passesUnread = true;
  readonly #args: ChatEventsArgs;
  readonly #pattern = new ChunkPattern();
  #isDone = false;

  constructor(args: ChatEventsArgs) {
    this.#args = args;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  readAlike(chunk: Buffer, start: number): AlikeEvents | null {
    return this.#pattern.match(chunk, start, (text) => {
      this.#args.answer.take({ kind: "text", text });
      this.#args.onContent();
    });
  }

  read(event: Buffer, data: SseData): Buffer {
    if (data.text.trim() === doneText) {
      this.#isDone = true;
      return event;
    }
    const parsed = parseJson(data.text);
    // Such an event is passed on unread.
    if (parsed === undefined) {
      this.#args.answer.sawMalformed();
    }
    if (this.#args.answer.read(parsed)) {
      this.#args.onContent();
    }
    const given = this.#args.hidesUsage ? withoutUsage(event, data, parsed) : event;
    this.#pattern.learn({ event, parsed, given });
    return given ?? noBytes;
  }

  end(): Buffer {
    return noBytes;
  }
}
