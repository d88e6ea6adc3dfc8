import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { useApi } from "../../alerts/api/use-api.ts";
import { alertOf } from "../../alerts/delivery/alerts.ts";
import { setUpDesk } from "../../alerts/desk.ts";

const plumbline = fileURLToPath(new URL("../../../bin/plumbline.js", import.meta.url));
const bench = setUpDesk();
const open = useApi(bench);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plumbline-alerts-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Runs `plumbline alerts ARGS...` in a process of its own; resolves with its exit code and output. */
const alerts = async (...args: readonly string[]) => {
  const child = spawn(process.execPath, [plumbline, "alerts", ...args], {
    cwd: dir,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = [child.stdout, child.stderr].map(async (stream) => {
    let text = "";
    for await (const chunk of stream) text += String(chunk);
    return text;
  });
  const [out, err] = await Promise.all([...texts, once(child, "exit")]);
  return { code: child.exitCode, out: String(out), err: String(err) };
};

const still = () => ({ endsAtMs: bench.clock().nowMs() + 86_400_000 });

describe("plumbline alerts", () => {
  test("lists alerts, silences them, and ends the silence", async () => {
    const api = await open();
    const at = ["--url", api.url];
    expect(await alerts("list", ...at)).toEqual({ code: 0, out: "there are none\n", err: "" });
    await api.delivery.deliver([alertOf({ alertname: "Slow", route: "chat" }, still())]);
    expect((await alerts("list", ...at)).out).toMatch(/^alert .*\nSlow +firing +\S+ +- +route="chat"\n$/);
    const made = await alerts(
      "silence",
      'route="chat"',
      "--for",
      "4000d",
      "--comment",
      "planned",
      "--author",
      "ann",
      ...at,
    );
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/route="chat" +ann +planned\n$/) });
    expect((await alerts("silences", ...at)).out).toContain("planned");
    const [{ id } = { id: "" }] = api.delivery.silences();
    expect(await alerts("unsilence", id, ...at)).toEqual({ code: 0, out: `the silence ${id} has ended\n`, err: "" });
    expect(await alerts("unsilence", id, ...at)).toMatchObject({
      code: 1,
      err: expect.stringContaining("delivery.unknown"),
    });
  });

  test("lists dead letters, sends them again, and tells what is no condition", async () => {
    const route = { receiver: "log", groupBy: ["alertname"], groupWaitSeconds: 0 };
    const api = await open({ delivery: { route, queueLimit: 1 } });
    const at = ["--url", api.url];
    await api.delivery.deliver([alertOf({ alertname: "First" }, still())]);
    await api.delivery.deliver([alertOf({ alertname: "Second" }, still())]);
    const [letter] = api.delivery.deadLetters();
    const id = letter?.notification.id ?? "";
    expect((await alerts("dead-letters", ...at)).out).toMatch(
      new RegExp(`\\n${id} +log +\\S+ +queue_full +0 +firing: First`),
    );
    expect(await alerts("redeliver", id, ...at)).toEqual({ code: 0, out: `${id} is sent again\n`, err: "" });
    expect(await alerts("silence", "route", "--for", "1h", "--comment", "x", ...at)).toMatchObject({ code: 2 });
  });
});
