import { once } from "node:events";
import { request } from "node:http";
import { afterEach, expect, test } from "vitest";
import { PlumblineError } from "../../core/errors.ts";
import { consoleConfig } from "../../dashboards/config.ts";
import type { Ask } from "../../dashboards/console/answers.ts";
import type { ConsoleDeps } from "../../dashboards/console/console.ts";
import { overview } from "../../dashboards/overview.ts";
import { questionNames, questions } from "../../store/questions.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { sampleAnswers } from "./support/sample-answers.ts";
import { startTestConsole, tryNext } from "./support/start-console.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const start = async (ask: Ask = sampleAnswers, changes: Partial<ConsoleDeps> = {}): Promise<string> => {
  const page = await startTestConsole(ask, changes);
  closers.push(page.close);
  return page.url;
};

test("a question is answered with its columns and rows, asked for as the URL says", async () => {
  const asked: unknown[] = [];
  const url = await start(async (question, parameters) => {
    asked.push([question, parameters]);
    return [{ time: "2026-01-31 12:00:00", route: "chat", calls: "9007199254740993" }];
  });
  const response = await fetch(`${url}/api/questions/calls?from=1000&to=61000&step=60&where.route=chat`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    columns: questions.calls.columns,
    rows: [{ time: "2026-01-31 12:00:00", route: "chat", calls: "9007199254740993" }],
  });
  expect(asked).toEqual([["calls", { fromMs: 1000, toMs: 61_000, stepSeconds: 60, where: { route: "chat" } }]]);
});

test("the catalogue lists every question with its columns, and no SQL", async () => {
  const response = await fetch(`${await start()}/api/questions`);
  const body: unknown = await response.json();
  expect(body).toEqual({
    questions: questionNames.map((name) => {
      const { title, description, columns, dimensions } = questions[name];
      return { name, title, description, columns, dimensions };
    }),
  });
});

test("whether what is stored can be trusted is asked by the server's own clock, for the time that is configured", async () => {
  const clock = virtualClock(Date.UTC(2026, 0, 31, 12));
  const asked: unknown[] = [];
  const url = await start(
    async (question, parameters) => {
      asked.push([question, parameters]);
      return [{ trusted: false, reason: "1 gateway fell silent without a good-bye", missing: "0" }];
    },
    { clock, trustMinutes: 45 },
  );
  const response = await fetch(`${url}/api/trust`);
  expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-store"]);
  expect(await response.json()).toEqual({
    trusted: false,
    reason: "1 gateway fell silent without a good-bye",
    missing: "0",
  });
  const toMs = Date.UTC(2026, 0, 31, 12);
  expect(asked).toEqual([["telemetry_health", { fromMs: toMs - 45 * 60_000, toMs, stepSeconds: 60, where: {} }]]);
});

test("the page is described as the dashboard defines it", async () => {
  const response = await fetch(`${await start()}/api/panels`);
  const { title, rows, filters, emptyWhen } = overview;
  const dimensions = Object.fromEntries(questionNames.map((name) => [name, questions[name].dimensions]));
  expect(await response.json()).toEqual({ title, refreshSeconds: 1, rows, filters, dimensions, emptyWhen, tryNext });
});

test.each([
  { path: "/api/questions/nothing", status: 404, code: "store.unknown_question", says: "nothing" },
  { path: "/api/questions/%zz", status: 404, code: "store.unknown_question", says: "%zz" },
  { path: "/api/questions/calls?step=abc", status: 400, code: "store.bad_parameter", says: "`step`" },
  { path: "/api/questions/calls?where.colour=red", status: 400, code: "store.bad_parameter", says: "`where.colour`" },
  { path: "/nothing", status: 404, code: "http.unknown_path", says: "/nothing" },
  { path: "/assets/0000/main.ts", status: 404, code: "http.unknown_path", says: "/assets/0000/main.ts" },
])("$path is answered $status with $code", async ({ path, status, code, says }) => {
  const response = await fetch(`${await start()}${path}`);
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({ error: { code, message: expect.stringContaining(says) } });
});

test.each(["POST", "PUT", "DELETE", "PATCH"])("%s is refused with 405 and the methods there are", async (method) => {
  const response = await fetch(`${await start()}/api/questions/totals`, { method });
  expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  expect(await response.json()).toMatchObject({ error: { code: "http.method_not_allowed" } });
});

test("a store that cannot be reached is 503 with its code", async () => {
  const url = await start(() => Promise.reject(new PlumblineError("store.unavailable", "The store is away.")));
  const response = await fetch(`${url}/api/questions/totals`);
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ error: { code: "store.unavailable", message: "The store is away." } });
});

test("a store that does not answer in time is 503", async () => {
  const clock = { nowMs: () => 0, monotonicMs: () => 0, sleep: async () => {} };
  const response = await fetch(
    `${await start(() => new Promise(() => {}), { clock })}/api/questions/totals?from=0&to=9`,
  );
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ error: { code: "store.unavailable" } });
});

test("a defect is 500, its text goes to the log and not to the caller", async () => {
  const logged: unknown[] = [];
  const log = { info: () => {}, warn: () => {}, error: (fields: object) => void logged.push(fields) };
  const url = await start(() => Promise.reject(new Error("secret detail")), { log });
  const response = await fetch(`${url}/api/questions/totals`);
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("secret detail");
  expect(logged).toMatchObject([{ err: { message: "secret detail" }, url: "/api/questions/totals" }]);
});

test("health, readiness and metrics are served", async () => {
  let isReady = false;
  const url = await start(sampleAnswers, { isReady: () => isReady });
  const statusOf = async (path: string): Promise<number> => (await fetch(`${url}${path}`)).status;
  expect([await statusOf("/healthz"), await statusOf("/readyz")]).toEqual([200, 503]);
  isReady = true;
  expect(await statusOf("/readyz")).toBe(200);
  expect(await (await fetch(`${url}/metrics`)).text()).toContain("# HELP");
});

test("the page and its files come from the console alone, and files may be kept for ever", async () => {
  const url = await start();
  const page = await fetch(url);
  const html = await page.text();
  expect(html).not.toMatch(/\{\{|<script>|<style|https?:|\sstyle=|\son\w+=/);
  expect([page.headers.get("cache-control"), page.headers.get("content-type")]).toEqual([
    "no-cache",
    "text/html; charset=utf-8",
  ]);
  const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = ""]) => path);
  expect(files.length).toBeGreaterThanOrEqual(8);
  for (const path of files) {
    const file = await fetch(`${url}${path}`);
    expect([path, file.status, file.headers.get("cache-control")]).toEqual([
      path,
      200,
      "public, max-age=31536000, immutable",
    ]);
    await file.arrayBuffer();
  }
});

test("modules are served as JavaScript without types, and every one they import is there", async () => {
  const url = await start();
  const main = /src="(\/assets\/[^"]+\/main\.ts)"/.exec(await (await fetch(url)).text())?.[1] ?? "";
  const seen = new Map<string, string>();
  const visit = async (path: string): Promise<void> => {
    if (seen.has(path)) return;
    const response = await fetch(`${url}${path}`);
    expect([path, response.status, response.headers.get("content-type")]).toEqual([
      path,
      200,
      "text/javascript; charset=utf-8",
    ]);
    const source = await response.text();
    seen.set(path, source);
    for (const [, name = ""] of source.matchAll(/^\s*import\s[^"';]*from "([^"]+)"/gm))
      await visit(new URL(name, `${url}${path}`).pathname);
  };
  await visit(main);
  expect(seen.size).toBeGreaterThan(25);
  expect(
    [...seen.values()].some((source) =>
      /\binterface \w|\bimport type\b/.test(source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")),
    ),
  ).toBe(false);
});

test("every answer forbids other origins, and HEAD has no body", async () => {
  const url = await start();
  for (const path of ["/", "/api/questions", "/nothing", "/healthz"]) {
    const response = await fetch(`${url}${path}`, { method: "HEAD" });
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await response.text()).toBe("");
  }
});

test("a path that is none is refused and the server lives on", async () => {
  const url = new URL(await start());
  const odd = request({ host: url.hostname, port: url.port, path: "//[", agent: false }).end();
  const [response] = await once(odd, "response");
  response.resume();
  expect(response.statusCode).toBe(404);
  expect((await fetch(new URL("/healthz", url))).status).toBe(200);
});

test("a port in use is refused with port.in_use", async () => {
  const port = Number(new URL(await start()).port);
  await expect(startTestConsole(sampleAnswers, { config: consoleConfig.parse({ port }) })).rejects.toMatchObject({
    code: "port.in_use",
  });
});

test("closing waits for the answer under way", async () => {
  const gate = Promise.withResolvers<readonly []>();
  const asked = Promise.withResolvers<void>();
  const page = await startTestConsole(() => {
    asked.resolve();
    return gate.promise;
  });
  const answer = fetch(`${page.url}/api/questions/totals`);
  await asked.promise;
  const closed = page.close();
  gate.resolve([]);
  expect((await answer).status).toBe(200);
  await closed;
  await expect(fetch(page.url)).rejects.toThrow();
});

test("an empty configuration is complete, and an unknown key is refused", () => {
  expect(consoleConfig.parse({})).toEqual({ host: "127.0.0.1", port: 8081, refreshSeconds: 5, answerSeconds: 15 });
  expect(consoleConfig.safeParse({ ports: 1 }).success).toBe(false);
});
