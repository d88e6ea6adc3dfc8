import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createCanaryClient } from "../../../app/canary/canary-client.ts";
import { watchCanary } from "../../../app/canary/watch-canary.ts";
import { useApi } from "../../alerts/api/use-api.ts";
import { setUpDesk } from "../../alerts/desk.ts";

const plumbline = fileURLToPath(new URL("../../../bin/plumbline.js", import.meta.url));
const open = useApi(setUpDesk());

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plumbline-canary-"));
  writeFileSync(join(dir, "plumbline.yaml"), "alerts: { api: { token: s3cret } }\n");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Runs `plumbline canary ARGS...` in a process of its own; resolves with its exit code and output. */
const canary = async (...args: readonly string[]) => {
  const child = spawn(process.execPath, [plumbline, "canary", ...args], {
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

describe("plumbline canary", () => {
  test("starts, shows and takes back a canary of the running system, with the token of the configuration", async () => {
    const api = await open({ api: { token: "s3cret" } });
    const at = ["--url", `${api.url}/`];
    expect(await canary("status", ...at)).toMatchObject({
      code: 0,
      out: expect.stringContaining("no canary was started yet"),
    });
    const started = await canary("start", "chat", "new", "--plan", "quick", ...at);
    expect(started).toMatchObject({ code: 0, err: "" });
    expect(started.out.split("\n")[1]).toMatch(
      /^canary-1\s+chat\s+new\s+running\s+1\/3 20%\s+20%\s+continue\s+0\.0 of 4\.6\s+-\s+-$/,
    );
    await api.look({ candidate: { errorRate: 0.02 } }, () => (api.rollouts.list()[0]?.judge.looks ?? 0) >= 3);
    expect((await canary("status", ...at)).out).toMatch(/ x\d\.\d+ \(.* to .*\)\n {2}stage 20%: /);
    expect(JSON.parse((await canary("status", "canary-1", "--json", ...at)).out)).toMatchObject({
      canaries: [{ id: "canary-1" }],
    });
    expect(await canary("abort", "--reason", "wrong build", ...at)).toMatchObject({
      code: 0,
      out: expect.stringContaining("aborted"),
    });
    expect(await canary("abort", "--reason", "again", ...at)).toMatchObject({
      code: 2,
      err: expect.stringContaining("no canary is under way"),
    });
  });

  test("tells apart what is refused, what is wrong to ask, and that nobody answers", async () => {
    const api = await open();
    const at = ["--url", api.url];
    expect(await canary("start", "chat", "none", ...at)).toMatchObject({
      code: 1,
      err: expect.stringContaining("its targets are stable, new"),
    });
    expect(await canary("start", "chat", "new", "--checksum", "1", ...at)).toMatchObject({
      code: 2,
      err: expect.stringContaining("goes with external traffic only"),
    });
    expect(await canary("promote", "none", ...at)).toMatchObject({ code: 2, err: expect.stringContaining("--reason") });
    expect(await canary("promote", "none", "--reason", "x", ...at)).toMatchObject({
      code: 1,
      err: expect.stringContaining("canary.unknown"),
    });
    const nobody = await canary("status", "--url", api.url.replace(/\d+$/, "9"));
    expect(nobody).toMatchObject({ code: 1, err: expect.stringMatching(/Nothing answers at .*\nStart Plumbline/) });
  });
});

describe("watching", () => {
  test("follows a canary to its end, with a line for each change where there is no terminal", async () => {
    const api = await open();
    const client = createCanaryClient({ url: api.url, token: undefined });
    const started = await client.start({ route: "chat", candidate: "new" });
    const lines: string[] = [];
    const told = await watchCanary(
      {
        client,
        clock: { sleep: () => api.look({ calls: 400 }, lookedAgain(api.rollouts)) },
        target: { write: (text) => lines.push(text) },
        signal: new AbortController().signal,
      },
      started,
    );
    expect(told).toMatchObject({ status: "promoted", share: 1 });
    expect(lines[0]).toContain("running  stage 1/3 20%  20%  evidence 0.0 of 4.6  needed -");
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.length).toBeLessThan(10);
  });

  test("waits for a system that is started anew, and draws one line on a terminal", async () => {
    const api = await open();
    const client = createCanaryClient({ url: api.url, token: undefined });
    const started = await client.start({ route: "chat", candidate: "new" });
    const away = createCanaryClient({ url: "http://127.0.0.1:9", token: undefined });
    const ended = new AbortController();
    const drawn: string[] = [];
    let asked = 0;
    const find = (id: string) => {
      asked += 1;
      if (asked === 3) ended.abort();
      return asked < 3 ? away.find(id) : client.find(id);
    };
    const target = { isTTY: true, columns: 60, write: (text: string) => drawn.push(text) };
    await watchCanary({ client: { find }, clock: { sleep: async () => {} }, target, signal: ended.signal }, started);
    expect(drawn[1]).toContain("Nothing answers at http://127.0.0.1:9");
    expect(drawn.at(-1)).toBe("\r\u001b[K");
    expect(Math.max(...drawn.map((text) => text.length))).toBeLessThanOrEqual(59 + "\r\u001b[K".length);
  });
});

const lookedAgain = (rollouts: { readonly list: () => readonly { readonly judge: { readonly looks: number } }[] }) => {
  const before = rollouts.list()[0]?.judge.looks;
  return () => rollouts.list()[0]?.judge.looks !== before;
};
