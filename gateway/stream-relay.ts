import type { Answer } from "./answer.ts";
import { cutRefusal } from "./call-failure.ts";
import type { CallerResponse } from "./caller-response.ts";
import type { Refusal } from "./refusal.ts";
import { errorBody } from "./refusal.ts";
import type { Ending, Relay } from "./relay.ts";
import { okEnding } from "./relay.ts";
import { readSseData } from "./sse-data.ts";
import type { SsePiece } from "./sse-splitter.ts";
import { SseSplitter } from "./sse-splitter.ts";
import { withoutUsage } from "./usage-events.ts";

/** What a stream's relay works with. */
export interface StreamRelayArgs {
  readonly out: CallerResponse;
  readonly answer: Answer;
  /** Whether the gateway asked for token counts that the caller did not want. */
  readonly hidesUsage: boolean;
  readonly onContent: () => void;
  /** Ends the call's record; it comes before the last bytes. */
  readonly onFinish: (ending: Ending) => void;
}

/** Events above this are passed on without being read. The largest events of providers are some tens of kilobytes. */
const maxEventBytes = 1_048_576;

const doneText = "[DONE]";
const noBytes = Buffer.alloc(0);

/** Passes events on as they become whole; holds `[DONE]` back until the call's record is safe. */
export class StreamRelay implements Relay {
  readonly #args: StreamRelayArgs;
  readonly #splitter = new SseSplitter(maxEventBytes);
  #isDone = false;

  constructor(args: StreamRelayArgs) {
    this.#args = args;
    args.out.sendHeadSoon();
  }

  chunk(chunk: Buffer): void {
    this.#pass(this.#splitter.push(chunk));
  }

  end(): void {
    const wasDone = this.#isDone;
    const rest = this.#splitter.flush();
    const restBytes = rest === null ? noBytes : this.#read(rest);
    if (!wasDone) {
      const ending = this.#ending();
      this.#args.onFinish(ending);
      if (ending.outcome === "upstream_cut") {
        this.fail(cutRefusal);
        return;
      }
    }
    this.#send([restBytes]);
    this.#args.out.end();
  }

  fail(refusal: Refusal): void {
    // A blank line ends what was passed on of an oversize event, so that the error is an event of its own.
    const gap = this.#splitter.isMidEvent ? "\n\n" : "";
    this.#args.out.write(Buffer.from(`${gap}data: ${errorBody(refusal)}\n\n`));
    this.#args.out.end();
  }

  #pass(pieces: readonly SsePiece[]): void {
    const ready: Buffer[] = [];
    for (const piece of pieces) {
      const wasDone = this.#isDone;
      const bytes = this.#read(piece);
      if (this.#isDone && !wasDone) {
        // Everything before the end may go first: should the record fail, the caller has lost no content.
        this.#finishDone(ready);
      }
      ready.push(bytes);
    }
    this.#send(ready);
  }

  #finishDone(before: Buffer[]): void {
    try {
      this.#args.onFinish(this.#ending());
    } catch (error) {
      this.#send(before);
      throw error;
    }
  }

  /** Reads one piece; returns the bytes that the caller gets of it. */
  #read({ bytes, isWhole }: SsePiece): Buffer {
    const data = isWhole ? readSseData(bytes) : null;
    if (data === null || this.#isDone) {
      return bytes;
    }
    if (data.text.trim() === doneText) {
      this.#isDone = true;
      return bytes;
    }
    const parsed = parseJson(data.text);
    if (this.#args.answer.read(parsed)) {
      this.#args.onContent();
    }
    return this.#args.hidesUsage ? (withoutUsage(bytes, data, parsed) ?? noBytes) : bytes;
  }

  #ending(): Ending {
    const { errorType, isFinished } = this.#args.answer;
    if (errorType !== null) {
      return { outcome: "provider_error", errorType };
    }
    return this.#isDone || isFinished ? okEnding : { outcome: "upstream_cut", errorType: "incomplete" };
  }

  #send(parts: readonly Buffer[]): void {
    const [first] = parts;
    const bytes = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
    if (bytes.length > 0) {
      this.#args.out.write(bytes);
    }
  }
}

/** The parsed text, or undefined when it is no JSON: such an event is passed on unread. */
const parseJson = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
};
