import type { ServerResponse } from "node:http";
import type { OutgoingHeaders } from "./answer-headers.ts";
import { answerHeaders, callIdHeader } from "./answer-headers.ts";
import { joined } from "./joined.ts";
import type { LoopLoad } from "./loop-load.ts";
import type { ResponseHeaders } from "./providers/provider.ts";
import type { Refusal } from "./refusal.ts";
import { refusalError } from "./refusal.ts";
import type { Surface } from "./surfaces/surface.ts";

/** Bytes held back of an answer that may yet be given up; more of them are passed on, and the answer is then kept. */
const maxHeldBytes = 65_536;

/**
 * The response to a caller: the head is held back until there is something to send with it, and on demand everything is,
 * until it is known that no other answer will take the place of this one.
 */
export class CallerResponse {
  readonly #response: ServerResponse;
  readonly #callId: string;
  readonly #surface: Surface;
  readonly #serverTiming: (() => string) | null;
  readonly #load: Pick<LoopLoad, "hasTime">;
  readonly #onFull: (isFull: boolean) => void;
  #head: { readonly status: number; readonly headers: OutgoingHeaders } | null = null;
  #isFull = false;
  #held: Buffer[] | null = null;
  #heldBytes = 0;
  /** Bytes that go out together at the end of this turn: what one read of the provider brings is one write to the caller. */
  readonly #gathered: Buffer[] = [];

  /** `onFull` is told when the caller reads more slowly than bytes come, and when it has caught up. */
  constructor(args: {
    readonly response: ServerResponse;
    readonly callId: string;
    /** In whose shape errors are written. */
    readonly surface: Surface;
    /** Tells where the time went, when the head is written; null tells nothing. */
    readonly serverTiming: (() => string) | null;
    readonly load: Pick<LoopLoad, "hasTime">;
    readonly onFull: (isFull: boolean) => void;
  }) {
    this.#response = args.response;
    this.#callId = args.callId;
    this.#surface = args.surface;
    this.#serverTiming = args.serverTiming;
    this.#load = args.load;
    this.#onFull = args.onFull;
  }

  /** Whether the caller has been sent a status, after which no other can be sent. */
  get hasStarted(): boolean {
    return this.#response.headersSent;
  }

  /** Whether the gateway has time for a write that could also wait for the end of the turn. */
  get hasTime(): boolean {
    return this.#load.hasTime;
  }

  /** Sets the head; the provider's headers are passed on without those that concern its own connection. */
  setHead(status: number, headers: ResponseHeaders): void {
    this.#head = { status, headers: answerHeaders(headers, this.#callId) };
  }

  /** Whether nothing has reached the caller, and nothing will before `release`. */
  get isHeld(): boolean {
    return this.#held !== null;
  }

  /** Begins to hold everything back. Nothing may have been sent before. */
  hold(): void {
    this.#held ??= [];
  }

  /** Sends what was held back, and holds nothing back from now on. */
  release(): void {
    const held = this.#held;
    this.#held = null;
    this.#heldBytes = 0;
    if (held !== null && held.length > 0) {
      this.write(joined(held));
    }
  }

  /** Lets go of the head and of all that was held back: another answer comes. */
  discard(): void {
    this.#head = null;
    this.#heldBytes = 0;
    this.#held &&= [];
  }

  /** Sends the head by itself if nothing has been sent by the end of this turn, for callers that wait for it. */
  sendHeadSoon(): void {
    process.nextTick(() => {
      if (this.#held === null && this.#head !== null && !this.hasStarted && !this.#response.destroyed) {
        this.#writeHead();
        this.#response.flushHeaders();
      }
    });
  }

  write(bytes: Buffer): void {
    if (this.#response.destroyed) {
      return;
    }
    if (this.#held !== null) {
      this.#keep(this.#held, bytes);
      return;
    }
    this.#writeHead();
    if (this.#gathered.push(bytes) === 1) {
      process.nextTick(() => this.#writeGathered());
    }
  }

  /** Writes without waiting for the end of the turn, unless everything is held back. */
  writeNow(bytes: Buffer): void {
    this.write(bytes);
    this.#writeGathered();
    // What the platform keeps until then as well.
    this.#response.socket?.uncork();
  }

  end(): void {
    this.release();
    if (this.#response.destroyed) {
      return;
    }
    this.#writeHead();
    this.#response.end(this.#takeGathered());
  }

  /** Sends head and body in one go. */
  endWhole(body: Buffer): void {
    this.#held = null;
    if (this.#response.destroyed) {
      return;
    }
    if (this.#head !== null) {
      this.#head.headers["content-length"] = String(body.length);
    }
    this.#writeHead();
    this.#response.end(body);
  }

  /** Answers with an error of the gateway's own; nothing may have been sent before. */
  endWithError(refusal: Refusal, headers: OutgoingHeaders = {}): void {
    const type = { "content-type": "application/json" };
    const error = refusalError(refusal);
    this.#head = { status: error.status, headers: { ...headers, ...type, [callIdHeader]: this.#callId } };
    this.endWhole(Buffer.from(this.#surface.errorBody(error)));
  }

  /** Breaks the connection: the only way left to say that a body is not whole. */
  destroy(): void {
    this.#response.destroy();
  }

  #writeGathered(): void {
    if (this.#gathered.length === 0 || this.#response.destroyed) {
      return;
    }
    if (!this.#response.write(this.#takeGathered()) && !this.#isFull) {
      this.#isFull = true;
      this.#onFull(true);
      this.#response.once("drain", () => {
        this.#isFull = false;
        this.#onFull(false);
      });
    }
  }

  #takeGathered(): Buffer {
    const bytes = joined(this.#gathered);
    this.#gathered.length = 0;
    return bytes;
  }

  #keep(held: Buffer[], bytes: Buffer): void {
    held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > maxHeldBytes) {
      this.release();
    }
  }

  #writeHead(): void {
    if (this.#head !== null && !this.hasStarted) {
      if (this.#serverTiming !== null) {
        this.#head.headers["server-timing"] = this.#serverTiming();
      }
      this.#response.writeHead(this.#head.status, this.#head.headers);
    }
  }
}
