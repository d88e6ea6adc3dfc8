import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { clearIncoming, withIncoming } from "../../store/incoming-rows.ts";

const broken = async function* (parts: number): AsyncGenerator<Buffer> {
  for (let part = 0; part < parts; part += 1) yield Buffer.from("1,a\n");
  throw new Error("the body broke off");
};

test("a body that breaks off leaves no file, however early it does", async () => {
  const dir = await mkdtemp(join(tmpdir(), "plumbline-incoming-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  await clearIncoming(dir);
  const bodies = Array.from({ length: 40 }, (_, count) => withIncoming(dir, broken(count % 4), async () => 1));
  const ends = await Promise.allSettled(bodies);
  expect(ends.every(({ status }) => status === "rejected")).toBe(true);
  // A file that is opened late comes into being within some turns.
  for (let turn = 0; turn < 100; turn += 1) await nextTurn();
  expect(await readdir(join(dir, "incoming"))).toEqual([]);
});
