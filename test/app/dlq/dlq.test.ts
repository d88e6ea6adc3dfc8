import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDataFolder } from "../../../app/data-folder.ts";
import type { Bus } from "../../../bus/bus.ts";
import { PlumblineError } from "../../../core/errors.ts";
import { deadLetterHeaders, topics } from "../../../core/topics.ts";
import type { Store } from "../../../store/store.ts";
import { openBus } from "../../bus/open-bus.ts";
import { exactly, recordOf, storedSums } from "../../processors/ledger.ts";
import { doorOf, setUpLine } from "../../processors/set-up-line.ts";

const plumbline = fileURLToPath(new URL("../../../bin/plumbline.js", import.meta.url));
const { start, store } = setUpLine();

let dir: string;
let bus: Bus;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "plumbline-dlq-"));
  writeFileSync(join(dir, "plumbline.yaml"), "data: { dir: data }\n");
  bus = await openBus({ dir: openDataFolder(join(dir, "data")).bus });
});
afterEach(async () => {
  await bus.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Runs `plumbline dlq ARGS...` in a process of its own; resolves with its exit code and output. */
const dlq = async (...args: readonly string[]) => {
  const child = spawn(process.execPath, [plumbline, "dlq", ...args], { cwd: dir, stdio: ["ignore", "pipe", "pipe"] });
  const texts = [child.stdout, child.stderr].map(async (stream) => {
    let text = "";
    for await (const chunk of stream) text += String(chunk);
    return text;
  });
  const [out, err] = await Promise.all([...texts, once(child, "exit")]);
  return { code: child.exitCode, out: String(out), err: String(err) };
};

const publish = (value: Uint8Array): Promise<void> => bus.publish({ topic: topics.spans, key: null, value });

/** The store of a version that refuses every call until it is mended. */
const mendable = (): { readonly store: Store; readonly mend: () => void } => {
  let isMended = false;
  const refuse = (): void => {
    if (!isMended) throw new PlumblineError("store.rejected", "not in this version");
  };
  return {
    store: doorOf(store().store, { before: ({ calls }) => (calls.length > 0 ? refuse() : undefined) }),
    mend: () => {
      isMended = true;
    },
  };
};

describe("plumbline dlq", () => {
  test("lists dead letters and sends them again while the pipeline runs, and each counts once", async () => {
    const { store: through, mend } = mendable();
    const processors = start({ bus, store: through });
    for (const number of [1, 2, 3]) await publish(recordOf(number));
    await publish(Uint8Array.of(0xff));
    expect(await processors.drain(60_000)).toBe(true);

    const listed = await dlq("list", "--code", "store.rejected");
    expect(listed).toMatchObject({ code: 0, err: "" });
    expect(listed.out.trimEnd().split("\n").at(-1)).toBe("3 dead letters with code store.rejected");
    const all: { readonly letters: readonly { readonly code: string }[] } = JSON.parse(
      (await dlq("list", "--json")).out,
    );
    expect(all.letters.map(({ code }) => code).sort()).toEqual([
      "span.undecodable",
      "store.rejected",
      "store.rejected",
      "store.rejected",
    ]);

    mend();
    const dry = await dlq("redrive", "--all", "--code", "store.rejected", "--dry-run");
    expect(dry).toMatchObject({ code: 0, out: "would send 3 of 3 dead letters again\n" });
    const [first, second] = await Promise.all([
      dlq("redrive", "--all", "--code", "store.rejected"),
      dlq("redrive", "0:0", "--json"),
    ]);
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(second).toMatchObject({ code: 0, err: "" });
    expect(await processors.drain(60_000)).toBe(true);
    expect(await storedSums(store().store)).toEqual(exactly([1, 2, 3]));
    const left = await dlq("list");
    expect(left.out).toMatch(/span\.undecodable[\s\S]*\n1 dead letter \(3 more sent again already/);
  });

  test("refuses ids that are none, or of no letter, and sends nothing", async () => {
    await bus.publish({ topic: topics.deadLetters, key: null, value: recordOf(1) });
    expect(await dlq("redrive")).toMatchObject({ code: 2, out: "", err: expect.stringContaining("[cli.usage]") });
    expect(await dlq("redrive", "--all", "0:0")).toMatchObject({ code: 2 });
    expect(await dlq("redrive", "seven")).toMatchObject({ code: 2, err: expect.stringContaining('"seven"') });
    expect(await dlq("redrive", "0:0", "0:9")).toMatchObject({
      code: 1,
      err: expect.stringContaining("there is no dead letter 0:9"),
    });
    expect(await bus.progress(topics.spans, "processors")).toEqual([]);
  });

  test("sends nothing to a topic that takes nothing back, whatever a letter says", async () => {
    const headers = {
      [deadLetterHeaders.topic]: "plumbline.verdicts",
      [deadLetterHeaders.partition]: "0",
      [deadLetterHeaders.offset]: "0",
    };
    await bus.publish({ topic: topics.deadLetters, key: null, value: recordOf(1), headers });
    expect(await dlq("redrive", "--all")).toMatchObject({
      code: 1,
      out: "sent 0 of 1 dead letters again\n  not 0:0: the topic plumbline.verdicts takes nothing back\n",
    });
    expect(await bus.progress("plumbline.verdicts", "g")).toEqual([]);
  });
});
