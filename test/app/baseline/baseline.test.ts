import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { useApi } from "../../alerts/api/use-api.ts";
import { setUpDesk } from "../../alerts/desk.ts";

const plumbline = fileURLToPath(new URL("../../../bin/plumbline.js", import.meta.url));
const bench = setUpDesk();
const open = useApi(bench);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plumbline-baseline-"));
  writeFileSync(join(dir, "plumbline.yaml"), "alerts: { api: { token: s3cret } }\n");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Runs `plumbline baseline ARGS...` in a process of its own; resolves with its exit code and output. */
const baseline = async (...args: readonly string[]) => {
  const child = spawn(process.execPath, [plumbline, "baseline", ...args], {
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

const hourMs = 3_600_000;

/** Hours of a model as the season's watch saved them. */
const givenHours = async (hours: number, n: number): Promise<{ readonly from: string; readonly to: string }> => {
  const toMs = Math.floor(bench.clock().nowMs() / hourMs) * hourMs;
  for (let back = hours; back > 0; back -= 1) {
    const series = { tenant: "acme", route: "chat", variant: "stable", model: "m-1", prompt: "" };
    const of = { ...series, minuteMs: toMs - back * hourMs, n, sum: n, bins: new Map([[0, n]]) };
    await bench.store().store.saveHour([
      { ...of, measure: "answer_tokens@1" },
      { ...of, measure: "answer_language@1=en" },
    ]);
  }
  return { from: new Date(toMs - hours * hourMs).toISOString(), to: new Date(toMs).toISOString() };
};

describe("plumbline baseline", () => {
  test("pins a window, says what it takes in, lists it and clears it", async () => {
    const api = await open({ api: { token: "s3cret" } });
    const at = ["--url", api.url];
    expect((await baseline("list", ...at)).out).toContain("no baseline is pinned");
    const { from, to } = await givenHours(3, 50);
    const blessed = await baseline("bless", "chat", "--from", from, "--to", to, "--model", "m-1", "--by", "ann", ...at);
    expect(blessed).toMatchObject({ code: 0, err: "" });
    expect(blessed.out.split("\n")).toEqual([
      expect.stringMatching(/^baseline\s+series\s+from\s+to\s+answers\s+by\s+state$/),
      expect.stringMatching(
        new RegExp(`^baseline-1\\s+route=chat model=m-1\\s+${from}\\s+${to}\\s+150\\s+ann\\s+holds$`),
      ),
      "",
      "It takes in:",
      expect.stringMatching(/^tenant\s+variant\s+model\s+answers\s+hours\s+measures$/),
      expect.stringMatching(/^acme\s+stable\s+m-1\s+150\s+3\s+2$/),
      "",
    ]);
    const listed = JSON.parse((await baseline("list", "--json", ...at)).out);
    expect(listed).toMatchObject({ baselines: [{ id: "baseline-1", by: "ann", answers: 150, cleared: null }] });
    expect(await baseline("clear", "baseline-1", "--by", "bob", ...at)).toMatchObject({
      code: 0,
      out: expect.stringContaining("cleared by bob"),
    });
    expect((await baseline("list", ...at)).out).toContain("no baseline is pinned");
    expect((await baseline("list", "--all", ...at)).out).toContain("cleared by bob");
  }, 60_000);

  test("refuses what has too little, is not over, or is no time, and changes nothing", async () => {
    const api = await open();
    const { from, to } = await givenHours(2, 20);
    const refused = await baseline("bless", "chat", "--from", from, "--to", to, "--url", api.url);
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringContaining(
        "A baseline needs 100 answers of a model (processors.drift.leastAnswers), and 40 answers were measured of m-1",
      ),
    });
    const asked = { route: "chat", from, to, by: "ann" };
    const errorOf = (code: string, message: string) => ({ error: { code, message: expect.stringContaining(message) } });
    for (const [change, status, code, message] of [
      [{ tenant: "o'ther" }, 409, "baseline.refused", "nothing was measured"],
      [{ to: "2100-01-01T00:00:00Z" }, 409, "baseline.refused", "is not over"],
      [{ to: from }, 409, "baseline.refused", "there is no whole hour"],
      [{ from: "yesterday", by: "" }, 400, "http.invalid_request", "from: Invalid ISO datetime; by: Too small"],
    ] as const) {
      expect(await api.post("/api/baselines", { ...asked, ...change })).toEqual({
        status,
        body: errorOf(code, message),
      });
    }
    expect(await api.post("/api/baselines/baseline-9/clear", { by: "ann" })).toEqual({
      status: 404,
      body: errorOf("baseline.unknown", 'There is no baseline "baseline-9".'),
    });
    expect(await api.get("/api/baselines")).toEqual({ status: 200, body: { baselines: [] } });
  }, 60_000);
});
