import { gzipSync } from "node:zlib";
import fc from "fast-check";

/** What a broken provider sends: a head, the parts of a body, and whether it breaks off after them. */
export interface BrokenAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: readonly Buffer[];
  readonly isCut: boolean;
}

type Change = (bytes: Buffer) => Buffer;

const inserted = (bytes: Buffer, at: number, piece: Buffer): Buffer => {
  const place = Math.floor(at * bytes.length);
  return Buffer.concat([bytes.subarray(0, place), piece, bytes.subarray(place)]);
};

const pieces = [
  ...["\n\n", "\r\n\r\n", "\r\r", "\r", "\n", ": a comment\n\n", "data: {}\n\n", "data: [DONE]\n\n", "data: null\n\n"],
  ...[
    "data: {\n\n",
    "data\n\n",
    "event: error\n\n",
    "id: 1\nretry: 5\n\n",
    'data: "text"\n\n',
    "data: [1,\n\n",
    "\ufeff",
  ],
].map((text) => Buffer.from(text));
const badUtf8 = [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0x00], [0xf0, 0x9f]].map((bytes) => Buffer.from(bytes));
const huge = Buffer.from(`data: ${"x".repeat(1_100_000)}\n\n`);
const deep = Buffer.from(`data: ${"[".repeat(200_000)}\n\n`);

const share = fc.double({ min: 0, max: 1, noNaN: true });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(share, fc.constantFrom(...pieces, ...badUtf8)).map(
    ([at, piece]): Change =>
      (bytes) =>
        inserted(bytes, at, piece),
  ),
  fc.tuple(share, fc.constantFrom(huge, deep)).map(
    ([at, piece]): Change =>
      (bytes) =>
        inserted(bytes, at, piece),
  ),
  share.map(
    (end): Change =>
      (bytes) =>
        bytes.subarray(0, Math.floor(end * bytes.length)),
  ),
  fc.tuple(share, fc.nat(255)).map(
    ([at, byte]): Change =>
      (bytes) =>
        Buffer.from(bytes.map((old, index) => (index === Math.floor(at * bytes.length) ? byte : old))),
  ),
  fc.constant<Change>((bytes) => Buffer.from(bytes.toString("latin1").replaceAll("\n", "\r\n"), "latin1")),
  fc.constant<Change>((bytes) => Buffer.from(bytes.toString("latin1").replaceAll("\n", "\r"), "latin1")),
  fc.constant<Change>((bytes) => Buffer.from(bytes.toString("latin1").replace(/data: \[DONE\]\n\n$/, ""), "latin1")),
  fc.constant<Change>((bytes) => gzipSync(bytes)),
);

const types = ["text/event-stream", "TEXT/Event-Stream; charset=utf-8", "application/json", "text/html", "", "\x01;;"];
const encodings = ["gzip", "br", "identity", "nonsense"];

/** A right answer of the content type that goes with it, with changes that no parser should mind, or many should. */
export const brokenAnswer = (right: Buffer, rightType: string): fc.Arbitrary<BrokenAnswer> =>
  fc
    .record({
      changes: fc.array(change, { maxLength: 3 }),
      cuts: fc.array(share, { maxLength: 4 }),
      type: fc.oneof({ weight: 5, arbitrary: fc.constant(rightType) }, fc.constantFrom(...types)),
      encoding: fc.option(fc.constantFrom(...encodings), { freq: 5 }),
      isCut: fc.boolean(),
    })
    .map(({ changes, cuts, type, encoding, isCut }) => {
      const body = changes.reduce((bytes, each) => each(bytes), right);
      const at = [0, ...cuts.map((cut) => Math.floor(cut * body.length)).toSorted((a, b) => a - b), body.length];
      return {
        headers: {
          ...(type === "" ? {} : { "content-type": type.replace("\x01", "") }),
          ...(encoding === null ? {} : { "content-encoding": encoding }),
        },
        parts: at.slice(1).map((end, index) => body.subarray(at[index], end)),
        isCut,
      };
    });
