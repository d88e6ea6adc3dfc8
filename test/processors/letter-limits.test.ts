import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { listLetters } from "../../app/dlq/list-letters.ts";
import { encodedLength } from "../../bus/record-codec.ts";
import { systemClock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import { deadLetterHeaders, topics } from "../../core/topics.ts";
import { redrivenMessage } from "../../processors/redriven-message.ts";
import { exactly, recordOf, storedSums } from "./ledger.ts";
import { largest, rubbish } from "./rubbish.ts";
import { doorOf, setUpLine } from "./set-up-line.ts";

const { bus, store, openBus, start, publish } = setUpLine();

const letters = () => bus().recordsOf(topics.deadLetters);
const offsets = () => letters().map(({ headers }) => Number(headers[deadLetterHeaders.offset]));

const work = async (): Promise<void> => {
  const processors = start();
  expect(await processors.drain(60_000)).toBe(true);
  await processors.stop();
};

describe("a record near the limit of the bus", () => {
  const limit = 100_000;

  test("becomes a letter with all of its bytes while they fit, and with its beginning, size and hash beyond", async () => {
    openBus({ clock: systemClock, maxRecordBytes: limit });
    const sizes = [0, 100, 150, 200, 250, 300, 400, 1_000].map((less) => largest(limit) - less);
    for (const [index, size] of sizes.entries()) {
      await publish(recordOf(index + 1));
      await publish(rubbish(size));
    }
    await work();
    expect(await storedSums(store().store)).toEqual(exactly(sizes.map((_, index) => index + 1)));
    expect(offsets().toSorted((a, b) => a - b)).toEqual(sizes.map((_, index) => index * 2 + 1));
    const kept = new Map(letters().map((letter) => [Number(letter.headers[deadLetterHeaders.offset]), letter]));
    for (const [index, size] of sizes.entries()) {
      const letter = kept.get(index * 2 + 1);
      const isWhole = letter?.value.byteLength === size;
      expect(letter?.value.byteLength).toBe(isWhole ? size : 65_536);
      expect(letter?.headers[deadLetterHeaders.size]).toBe(isWhole ? undefined : String(size));
      expect(letter?.headers[deadLetterHeaders.sha256]).toBe(isWhole ? undefined : sha256(rubbish(size)));
    }
    expect(kept.get(1)?.value.byteLength).toBe(65_536);
    expect(kept.get(15)?.value.byteLength).toBe(sizes.at(-1));
  });

  test("can be sent again whenever its letter holds all of it", async () => {
    openBus({ clock: systemClock, maxRecordBytes: limit });
    for (let less = 0; less < 400; less += 7) await publish(rubbish(largest(limit) - less));
    await work();
    const listed = await listLetters(bus());
    const values = new Map(letters().map(({ offset, value }) => [`0:${offset}`, value]));
    const made = listed.map((letter) => redrivenMessage(letter, values.get(letter.id) ?? rubbish(0)));
    expect(made.filter(({ ok }) => ok).length).toBeGreaterThan(10);
    expect(made.filter(({ ok }) => !ok).length).toBeGreaterThan(10);
    for (const [index, each] of made.entries()) {
      expect(each.ok).toBe(listed[index]?.bytes === listed[index]?.keptBytes);
      if (each.ok) expect(encodedLength(each.message)).toBeLessThanOrEqual(limit);
    }
  });

  test("becomes a letter under the smallest limit that a bus can have, whatever the reason", async () => {
    openBus({ clock: systemClock, maxRecordBytes: 1_024 });
    await publish(rubbish(largest(1_024)));
    await publish(recordOf(1));
    const refusing = doorOf(store().store, {
      before: ({ calls }) => {
        if (calls.length > 0) throw new PlumblineError("store.rejected", "\u2620".repeat(2_000));
      },
    });
    const processors = start({ store: refusing, version: "10.20.30-preview.40" });
    expect(await processors.drain(60_000)).toBe(true);
    expect(offsets().toSorted((a, b) => a - b)).toEqual([0, 1]);
    for (const { headers } of letters()) {
      expect(Buffer.byteLength(headers[deadLetterHeaders.reason] ?? "")).toBeLessThanOrEqual(1_000);
    }
  });

  const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
});
