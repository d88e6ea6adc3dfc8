import type { Answer } from "./answer.ts";
import type { AnswerOut } from "./answer-out.ts";
import { cutRefusal } from "./call-failure.ts";
import { joined } from "./joined.ts";
import type { Refusal } from "./refusal.ts";
import { refusalError } from "./refusal.ts";
import type { Ending, OnFinish, Relay } from "./relay.ts";
import { okEnding } from "./relay.ts";
import { readSseData } from "./sse-data.ts";
import type { SsePiece } from "./sse-splitter.ts";
import { SseSplitter } from "./sse-splitter.ts";
import type { StreamEvents } from "./stream-events.ts";
import type { Surface } from "./surfaces/surface.ts";

/** What a stream's relay works with. */
export interface StreamRelayArgs {
  readonly out: AnswerOut;
  readonly answer: Answer;
  readonly events: StreamEvents;
  /** In whose shape an error ends the stream. */
  readonly surface: Surface;
  /** Ends the call's record; it comes before the last bytes. */
  readonly onFinish: OnFinish;
  /** Hears of an error at the beginning of the answer; true when another answer takes its place. */
  readonly onFault: OnFinish;
}

/** Events above this are not read. The largest events of providers are some tens of kilobytes. */
const maxEventBytes = 1_048_576;

const noBytes = Buffer.alloc(0);

/** Passes events on as they become whole; holds the one that ends the stream back until the call's record is safe. */
export class StreamRelay implements Relay {
  readonly #args: StreamRelayArgs;
  readonly #splitter = new SseSplitter(maxEventBytes);
  /** Whether the next piece is known to be unlike content before; one that came in parts is not. */
  #isTried = false;
  #hasSentFirst = false;

  constructor(args: StreamRelayArgs) {
    this.#args = args;
    args.out.sendHeadSoon();
  }

  chunk(chunk: Buffer): void {
    const ready: Buffer[] = [];
    this.#splitter.begin(chunk);
    for (;;) {
      const alike = this.#readAlike(chunk);
      if (alike !== null) {
        ready.push(alike);
        continue;
      }
      const piece = this.#splitter.next();
      if (piece === null) {
        break;
      }
      if (!this.#pass(piece, ready)) {
        return;
      }
      this.#sendFirst(ready);
    }
    this.#send(ready);
  }

  end(): void {
    const { events, onFinish, out } = this.#args;
    const wasDone = events.isDone;
    const rest = this.#splitter.flush();
    const restBytes = rest === null ? noBytes : this.#read(rest);
    if (wasDone) {
      this.#send([restBytes]);
      out.end();
      return;
    }
    const ending = this.#ending();
    if (!onFinish(ending)) {
      return;
    }
    if (ending.outcome === "upstream_cut") {
      this.fail(cutRefusal);
      return;
    }
    this.#send(events.isDone ? [restBytes] : [restBytes, events.end()]);
    out.end();
  }

  fail(refusal: Refusal): void {
    const { surface, events, out } = this.#args;
    if (out.isHeld) {
      out.endWithError(refusal);
      return;
    }
    // A blank line ends what was passed on of an oversize event, so that the error is an event of its own.
    const gap = this.#splitter.isMidEvent && events.passesUnread ? "\n\n" : "";
    out.write(Buffer.from(gap + surface.errorEvent(refusalError(refusal))));
    out.end();
  }

  /**
   * The first content goes out before the rest of what came with it is read, and the call recorded, should that be its end: a
   * caller waits for it. It takes a write more, and so is done only while there is time.
   */
  #sendFirst(ready: Buffer[]): void {
    const { answer, events, out } = this.#args;
    if (this.#hasSentFirst || !answer.hasContent || events.isDone) {
      return;
    }
    this.#hasSentFirst = true;
    if (this.#splitter.eventStart !== -1 && out.hasTime) {
      out.writeNow(joined(ready));
      ready.length = 0;
    }
  }

  /** Events that need not be cut out, like content that has been seen: the answer can give way to no other any more. */
  #readAlike(chunk: Buffer): Buffer | null {
    const { events } = this.#args;
    const start = events.isDone || !this.#hasSentFirst ? -1 : this.#splitter.eventStart;
    this.#isTried = start !== -1 || !this.#hasSentFirst;
    const alike = start === -1 ? null : events.readAlike(chunk, start);
    if (alike !== null) {
      this.#splitter.skipTo(alike.end);
    }
    return alike?.bytes ?? null;
  }

  /** Reads a piece and puts the caller's part of it to what is to be sent; false when nothing more is to be sent from here. */
  #pass(piece: SsePiece, ready: Buffer[]): boolean {
    const { events } = this.#args;
    const wasDone = events.isDone;
    const bytes = this.#read(piece);
    // Everything before the end may go first: should the record fail, the caller has lost no content.
    if (events.isDone && !wasDone && !this.#finishDone(ready)) {
      return false;
    }
    ready.push(bytes);
    return !this.#isReplaced();
  }

  /** An answer that begins with an error gives way to another while nothing of it has been sent. */
  #isReplaced(): boolean {
    const { answer, out, onFault } = this.#args;
    if (!out.isHeld || answer.hasContent || (answer.errorType === null && !answer.isMalformed)) {
      return false;
    }
    return onFault(failed(answer.errorType ?? "malformed_chunk"));
  }

  #finishDone(before: Buffer[]): boolean {
    try {
      return this.#args.onFinish(this.#ending());
    } catch (error) {
      this.#send(before);
      throw error;
    }
  }

  /** Reads one piece; returns the bytes that the caller gets of it. */
  #read({ bytes, isWhole }: SsePiece): Buffer {
    const { events } = this.#args;
    const alike = isWhole && !events.isDone && !this.#isTried ? events.readAlike(bytes, 0) : null;
    if (alike !== null) {
      return alike.bytes;
    }
    if (!isWhole && !events.passesUnread) {
      // What is let go of an answer that is written anew is missing there.
      this.#args.answer.sawMalformed();
    }
    const data = isWhole ? readSseData(bytes) : null;
    if (data === null || events.isDone) {
      return events.passesUnread ? bytes : noBytes;
    }
    return events.read(bytes, data);
  }

  #ending(): Ending {
    const { answer, events } = this.#args;
    if (answer.errorType !== null) {
      return failed(answer.errorType);
    }
    if (!events.isDone && !answer.isFinished) {
      return { outcome: "upstream_cut", errorType: "incomplete" };
    }
    if (answer.isMalformed) {
      return failed("malformed_chunk");
    }
    return answer.isFinished || answer.hasContent ? okEnding : failed("empty_answer");
  }

  #send(parts: readonly Buffer[]): void {
    const bytes = joined(parts);
    if (bytes.length > 0) {
      this.#args.out.write(bytes);
    }
  }
}

const failed = (errorType: string): Ending => ({ outcome: "provider_error", errorType });
