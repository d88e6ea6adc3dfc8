import { eventStreamMessage } from "../support/event-stream-bytes.ts";
import { providerFixtures } from "../support/provider-fixtures.ts";

/** An answer of one kind of provider in which a value is nested deeply. */
export interface DeepAnswer {
  readonly kind: string;
  readonly config: (baseUrl: string) => object;
  readonly whole: string;
  readonly stream: Buffer;
  readonly streamType: string;
}

const event = (data: string): Buffer => Buffer.from(`data: ${data}\n\n`);

/** Answers that would be whole and well but for a value, given as JSON text, where each kind has room for any. */
export const deepAnswers = (value: string): readonly DeepAnswer[] =>
  providerFixtures
    .filter(({ kind }) => kind !== "azure" && kind !== "vertex")
    .map(({ kind, config, whole, stream, streamType }) => {
      const odd =
        kind === "bedrock"
          ? eventStreamMessage({ ":message-type": "event", ":event-type": "contentBlockDelta" }, Buffer.from(value))
          : event(`{"type":"content_block_delta","choices":[],"candidates":[],"metadata":${value}}`);
      return {
        kind,
        config,
        whole: `${JSON.stringify(whole).slice(0, -1)},"metadata":${value}}`,
        stream: Buffer.concat([odd, stream]),
        streamType,
      };
    });
