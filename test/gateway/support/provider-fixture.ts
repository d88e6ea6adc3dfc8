import type { Usage } from "../../../core/usage.ts";

/** One provider's way of giving the same answer: a text, a tool call with a city, and counts of its own. */
export interface ProviderFixture {
  readonly kind: string;
  /** Settings of the provider entry, without its address. */
  readonly config: (baseUrl: string) => object;
  readonly path: { readonly whole: string; readonly stream: string };
  /** A header by which the provider knows who calls. */
  readonly credential: readonly [name: string, value: string | RegExp];
  readonly whole: object;
  readonly stream: Buffer;
  readonly streamType: string;
  /** The counts as they are recorded. */
  readonly usage: Usage;
  /** Why it ended, in the provider's word. */
  readonly said: string;
  /** Whether it names the model and the answer's id. */
  readonly isNamed: boolean;
}

/** Events of data alone. */
export const sse = (...events: readonly object[]): string =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");

/** What the tool call of every answer asks for. */
export const toolInput = { city: "Ås" };
