import { afterAll, afterEach, expect, test } from "vitest";
import { z } from "zod";
import { PlumblineError } from "../../core/errors.ts";
import type { Ask } from "../../dashboards/console/answers.ts";
import { overview } from "../../dashboards/overview.ts";
import { sampleAnswers } from "./support/sample-answers.ts";
import { tryNext } from "./support/start-console.ts";
import { createVisitor, inPage, screenshot } from "./support/visit.ts";

const timeout = 60_000;
const panels = overview.rows.flatMap(({ panels: row }) => row.map(({ panel }) => panel));
const { visit, leave, close } = createVisitor();
afterEach(leave);
afterAll(close);

const unavailable = (): never => {
  throw new PlumblineError("store.unavailable", "The store is away.");
};

test("the page asks again by itself, stops when paused, and goes on when resumed", { timeout }, async (context) => {
  const { page, requests } = await visit(context, sampleAnswers, { hasOwnClock: true });
  const rounds = (): number => requests.filter((request) => request.includes("/api/questions/totals")).length;
  await page.locator('#live[data-state="live"]').waitFor();
  expect(rounds()).toBe(1);
  const again = page.waitForResponse((response) => response.url().includes("/api/questions/totals"));
  await page.clock.runFor(1500);
  await again;
  await page.locator("#pause").click();
  await page.locator('#live[data-state="paused"]').waitFor();
  const before = rounds();
  await page.clock.runFor(65_000);
  expect(rounds()).toBe(before);
  expect(await page.locator("#age").textContent()).toMatch(/^updated 1 min \d+ s ago$/);
  await page.getByRole("button", { name: "Resume" }).click();
  await page.locator('#live[data-state="live"]').waitFor();
  expect(rounds()).toBe(before + 1);
});

test("without calls the page says what to try, and shows the panels as soon as there is one", {
  timeout,
}, async (context) => {
  let isEmpty = true;
  const ask: Ask = async (question, parameters) => {
    if (!isEmpty) return sampleAnswers(question, parameters);
    return question === overview.emptyWhen.question ? [{ [overview.emptyWhen.column]: "0" }] : [];
  };
  const { page, complaints } = await visit(context, ask);
  await page.getByRole("heading", { name: "No calls in the last hour" }).waitFor();
  expect(await page.locator("#empty code").allTextContents()).toEqual(tryNext.map(({ command }) => command));
  expect(await page.locator("#rows").isVisible()).toBe(false);
  await screenshot(page, "empty");
  isEmpty = false;
  await page.locator('[data-panel="models"][data-state="ready"]').waitFor();
  await page.locator(".card.timeseries canvas").first().waitFor();
  expect(await page.locator("#empty").isVisible()).toBe(false);
  expect(complaints).toEqual([]);
});

test("panels without data are lines that say what fills them, and unfold once there is some", {
  timeout,
}, async (context) => {
  let isFresh = true;
  const ask: Ask = async (question, parameters) =>
    isFresh && question !== overview.emptyWhen.question ? [] : sampleAnswers(question, parameters);
  const { page, complaints } = await visit(context, ask);
  const heights = (): Promise<Readonly<Record<string, number>>> =>
    inPage(
      page,
      "Object.fromEntries([...document.querySelectorAll('.card[data-panel]:not(.stat)')].map((card) => [card.dataset.panel, card.offsetHeight]))",
      z.record(z.string(), z.number()),
    );
  await page.locator('[data-panel="canaries-told"][data-state="empty"]').waitFor();
  await page.locator('#live[data-state="live"]').waitFor();
  expect(await page.locator('[data-panel="canaries-told"] .message').textContent()).toBe(
    "No data in this range. It is filled by a canary that is started: plumbline canary start.",
  );
  const folded = await heights();
  expect(Object.keys(folded)).toEqual(panels.filter(({ kind }) => kind !== "stat").map(({ id }) => id));
  expect(Math.max(...Object.values(folded))).toBeLessThanOrEqual(50);
  expect(await inPage(page, "document.documentElement.scrollHeight", z.number())).toBeLessThan(2_400);
  await screenshot(page, "folded");
  isFresh = false;
  await page.locator('[data-panel="canaries-told"][data-state="ready"]').waitFor();
  await page.locator('[data-panel="calls-by-route"] canvas').waitFor();
  const unfolded = await heights();
  expect(unfolded["calls-by-route"]).toBeGreaterThan(250);
  // A table with more rows than fit has a scrollbar of its own.
  expect(Math.max(...Object.values(unfolded))).toBeLessThanOrEqual(660);
  expect(complaints).toEqual([]);
});

test("a question that fails is said in its panel alone, with the last data in sight, until it is answered again", {
  timeout,
}, async (context) => {
  let isAway = false;
  const ask: Ask = async (question, parameters) =>
    isAway && question === "models" ? unavailable() : sampleAnswers(question, parameters);
  const { page } = await visit(context, ask);
  const card = page.locator('[data-panel="models"]');
  await page.locator('[data-panel="models"][data-state="ready"]').waitFor();
  isAway = true;
  await page.locator('[data-panel="models"][data-state="error"]').waitFor();
  expect(await card.locator(".message").textContent()).toBe("The store is away.");
  expect(await card.locator("tbody tr").count()).toBe(4);
  await page.locator('#live[data-state="live"]').waitFor();
  await screenshot(page, "error");
  isAway = false;
  await page.locator('[data-panel="models"][data-state="ready"]').waitFor();
});

test("when nothing is answered the header says so, and the page recovers by itself", { timeout }, async (context) => {
  let isAway = true;
  const ask: Ask = async (question, parameters) => (isAway ? unavailable() : sampleAnswers(question, parameters));
  const { page } = await visit(context, ask);
  await page.locator('#live[data-state="failing"]').waitFor();
  expect(await page.locator('.card[data-state="error"]').count()).toBe(panels.length);
  isAway = false;
  await page.locator('#live[data-state="live"]').waitFor();
  await page
    .locator('.card[data-state="ready"]')
    .nth(panels.length - 1)
    .waitFor();
});

test("the header says whether what is stored can be trusted, and a line says why not, until it can again", {
  timeout,
}, async (context) => {
  let health: "fine" | "missing" | "away" = "fine";
  const reason = "not stored: 14 finished calls, the oldest for at least 13 s";
  const ask: Ask = async (question, parameters) => {
    const rows = await sampleAnswers(question, parameters);
    if (question !== "telemetry_health" || health === "fine") return rows;
    return health === "away" ? unavailable() : rows.map((row) => ({ ...row, trusted: false, reason }));
  };
  const { page, complaints } = await visit(context, ask);
  const line = page.locator("#frozen");
  await page.locator('#trust[data-state="trusted"]', { hasText: "Telemetry complete" }).waitFor();
  expect(await line.isVisible()).toBe(false);
  health = "missing";
  await page.locator('#trust[data-state="frozen"]', { hasText: "Telemetry not trusted" }).waitFor();
  expect(await line.textContent()).toBe(`Automatic actions are frozen: ${reason}.`);
  await screenshot(page, "frozen");
  health = "away";
  await page.locator('#trust[data-state="unknown"]', { hasText: "Telemetry not known" }).waitFor();
  expect(await line.isVisible()).toBe(false);
  health = "fine";
  await page.locator('#trust[data-state="trusted"]').waitFor();
  expect(complaints.filter((complaint) => !complaint.includes("503"))).toEqual([]);
});
