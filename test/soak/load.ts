import { Pool } from "undici";

/** What was called in one stretch of the soak: the ledger that the store is held against. */
export interface Ledger {
  /** Begins the session id of every call of this stretch; the number follows. */
  readonly prefix: string;
  /** Calls that were begun. */
  readonly begun: number;
  /** Numbers of the calls whose whole answer came back; each must be stored once. */
  readonly answered: ReadonlySet<number>;
}

/** What a call of a number must be stored with. */
export interface Expected {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanos: number;
}

/** Tokens and cost of a call: 30 and 60 dollars a million tokens are 30,000 and 60,000 nano-dollars a token. */
export const expectedOf = (number: number): Expected => {
  const inputTokens = 10 + (number % 7);
  const outputTokens = 1 + (number % 90);
  return { inputTokens, outputTokens, costNanos: inputTokens * 30_000 + outputTokens * 60_000 };
};

/** How the load is made. */
export interface LoadArgs {
  readonly gatewayUrl: string;
  readonly callers: number;
}

/** Bytes of text in the question of a call; 0 for a short one. */
export type TextBytesOf = (number: number) => number;

const pauseMs = 50;

/** Callers that call the gateway as fast as it answers, each call with a number of its own. */
export class Load {
  readonly #pool: Pool;
  readonly #callers: number;
  #stretches = 0;

  constructor(args: LoadArgs) {
    this.#callers = args.callers;
    this.#pool = new Pool(args.gatewayUrl, { connections: args.callers, headersTimeout: 60_000, bodyTimeout: 60_000 });
  }

  /** Begins a stretch. `stop` lets the calls under way finish; `reached` resolves when so many calls were answered. */
  begin(textBytes: TextBytesOf = () => 0): Stretch {
    this.#stretches += 1;
    return new Stretch(`s${this.#stretches}-`, { pool: this.#pool, callers: this.#callers, textBytes });
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** A stretch of calls between two looks at the store. */
export class Stretch {
  readonly #prefix: string;
  readonly #pool: Pool;
  readonly #textBytes: TextBytesOf;
  readonly #answered = new Set<number>();
  readonly #callers: Promise<unknown>;
  #waiting: { readonly count: number; readonly resolve: () => void } | null = null;
  #begun = 0;
  #isStopped = false;

  constructor(
    prefix: string,
    args: { readonly pool: Pool; readonly callers: number; readonly textBytes: TextBytesOf },
  ) {
    this.#prefix = prefix;
    this.#pool = args.pool;
    this.#textBytes = args.textBytes;
    this.#callers = Promise.all(Array.from({ length: args.callers }, () => this.#call()));
  }

  get answered(): number {
    return this.#answered.size;
  }

  /** Resolves when `count` calls of this stretch were answered. */
  reached(count: number): Promise<void> {
    if (this.#answered.size >= count) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#waiting = { count, resolve };
    });
  }

  async stop(): Promise<Ledger> {
    this.#isStopped = true;
    await this.#callers;
    return { prefix: this.#prefix, begun: this.#begun, answered: this.#answered };
  }

  async #call(): Promise<void> {
    while (!this.#isStopped) {
      this.#begun += 1;
      const number = this.#begun;
      if (await this.#isAnswered(number)) {
        this.#answered.add(number);
        if (this.#waiting !== null && this.#answered.size >= this.#waiting.count) {
          this.#waiting.resolve();
          this.#waiting = null;
        }
      } else {
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }

  /** Whether the whole answer came: all bytes of the body, or everything up to `[DONE]`. */
  async #isAnswered(number: number): Promise<boolean> {
    const isStream = number % 4 === 0;
    try {
      const { statusCode, body } = await this.#pool.request({
        method: "POST",
        path: "/v1/chat/completions",
        headers: {
          "content-type": "application/json",
          "x-plumbline-route": "replay",
          "x-plumbline-session": `${this.#prefix}${number}`,
        },
        body: bodyOf(number, { isStream, textBytes: this.#textBytes(number) }),
      });
      const text = await body.text();
      return statusCode === 200 && (!isStream || text.includes("data: [DONE]"));
    } catch {
      return false;
    }
  }
}

const bodyOf = (
  number: number,
  { isStream, textBytes }: { readonly isStream: boolean; readonly textBytes: number },
) => {
  const { inputTokens, outputTokens } = expectedOf(number);
  return JSON.stringify({
    model: "gpt-4-0613",
    stream: isStream,
    messages: [{ role: "user", content: textBytes === 0 ? "Is it so?" : "So it is. ".repeat(textBytes / 10) }],
    plumbline_recorded: { answer: "It is.", latency_s: 0, input_tokens: inputTokens, output_tokens: outputTokens },
  });
};
