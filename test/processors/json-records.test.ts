import { describe, expect, test } from "vitest";
import { listLetters } from "../../app/dlq/list-letters.ts";
import { PlumblineError } from "../../core/errors.ts";
import { contentTypeHeader, deadLetterHeaders, topics } from "../../core/topics.ts";
import { redrivenMessage } from "../../processors/redriven-message.ts";
import type { Store } from "../../store/store.ts";
import { exactly, recordOf, sentCall, spanOfCall, storedSums } from "./ledger.ts";
import { otlpJson } from "./otlp-json.ts";
import { doorOf, setUpLine } from "./set-up-line.ts";

const { bus, store, start, publish } = setUpLine();

const stored = () => storedSums(store().store);
const letters = () => bus().recordsOf(topics.deadLetters);
const jsonOf = (...numbers: readonly number[]): Uint8Array =>
  otlpJson(numbers.map((number) => spanOfCall(sentCall(number))));
const json = { headers: { [contentTypeHeader]: "application/json" } };

const work = async (through: Store = store().store): Promise<void> => {
  const processors = start({ store: through });
  expect(await processors.drain(60_000)).toBe(true);
  await processors.stop();
};

describe("a record in JSON", () => {
  test("is stored like one in protobuf beside it", async () => {
    await publish(recordOf(1, 2));
    await publish(jsonOf(3, 4));
    await publish(Buffer.concat([Buffer.from("\n"), jsonOf(5)]), json);
    await work();
    expect(await stored()).toEqual(exactly([1, 2, 3, 4, 5]));
    expect(letters()).toEqual([]);
  });

  test("that is cut becomes a letter that names the place, and the calls around it are stored", async () => {
    await publish(jsonOf(1));
    await publish(jsonOf(2).subarray(0, 200));
    await publish(jsonOf(3));
    await work();
    expect(await stored()).toEqual(exactly([1, 3]));
    expect(letters().map(({ headers }) => headers[deadLetterHeaders.reason])).toEqual([
      "not an OTLP trace request: no valid JSON at position 200",
    ]);
  });

  test("keeps its content type as a letter, and so can be read when it is sent again", async () => {
    const value = Buffer.concat([Buffer.from("\n"), jsonOf(1)]);
    await publish(value, json);
    await work(
      doorOf(store().store, {
        before: ({ calls }) => {
          if (calls.length > 0) throw new PlumblineError("store.rejected", "not this one");
        },
      }),
    );
    const made = (await listLetters(bus())).map((letter) => redrivenMessage(letter, value));
    expect(made).toMatchObject([{ ok: true }]);
    for (const each of made) if (each.ok) await bus().publish(each.message);
    await work();
    expect(await stored()).toEqual(exactly([1]));
  });
});
