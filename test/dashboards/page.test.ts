import { afterAll, afterEach, expect, test } from "vitest";
import { z } from "zod";
import type { Ask } from "../../dashboards/console/answers.ts";
import { overview } from "../../dashboards/overview.ts";
import { questionNames, questions } from "../../store/questions.ts";
import { sampleAnswers } from "./support/sample-answers.ts";
import { background, createVisitor, inPage, screenshot } from "./support/visit.ts";

const timeout = 60_000;
const panels = overview.rows.flatMap(({ panels: row }) => row.map(({ panel }) => panel));
const { visit, leave, close } = createVisitor();
afterEach(leave);
afterAll(close);

/** Share of a canvas' pixels that something is drawn on, for each chart of the page. */
const inkOfCharts = `[...document.querySelectorAll(".card.timeseries canvas")].map((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((value, index) => index % 4 === 3 && value > 0).length / (data.length / 4);
})`;

const focused =
  "document.activeElement.id || document.activeElement.getAttribute('role') || document.activeElement.className";

test("every panel shows its data, drawn, without a complaint and without a request to anybody else", {
  timeout,
}, async (context) => {
  const { page, url, complaints, requests } = await visit(context, sampleAnswers);
  await page
    .locator('.card[data-state="ready"]')
    .nth(panels.length - 1)
    .waitFor();
  expect(await page.locator("article h3").allTextContents()).toEqual(panels.map(({ title }) => title));
  const charts = panels.filter(({ kind }) => kind === "timeseries");
  expect(await page.locator(".card.timeseries canvas").count()).toBe(charts.length);
  expect(await page.locator('[data-panel="models"] tbody tr').count()).toBe(4);
  const inked = await inPage(page, inkOfCharts, z.array(z.number()));
  for (const share of inked) expect(share).toBeGreaterThan(0.01);
  expect(await screenshot(page, "light")).toBeGreaterThan(20_000);
  expect(complaints).toEqual([]);
  expect(requests.length).toBeGreaterThan(30);
  expect(requests.filter((request) => !request.startsWith(`${url}/`))).toEqual([]);
});

test("the theme follows the system, the button turns it over, and the choice outlives a reload", {
  timeout,
}, async (context) => {
  const { page, complaints } = await visit(context, sampleAnswers, { colorScheme: "dark" });
  const dark = await background(page);
  const button = page.locator("#theme");
  await page
    .locator('.card[data-state="ready"]')
    .nth(panels.length - 1)
    .waitFor();
  await screenshot(page, "dark");
  expect(await button.getAttribute("aria-label")).toBe("Switch to the light theme");
  await button.click();
  const light = await background(page);
  expect(light).not.toBe(dark);
  await page.reload();
  expect(await background(page)).toBe(light);
  // The theme is there before the first paint; the button gets its name when the page's modules have run.
  await page.locator('#theme[aria-label="Switch to the dark theme"]').waitFor();
  expect(complaints).toEqual([]);
});

test("another range is asked for at once, stands in the URL, and Back leads to the last one", {
  timeout,
}, async (context) => {
  const { page, url } = await visit(context, sampleAnswers, { path: "/?range=15m" });
  const chosen = page.locator('.bar [role="radio"][aria-checked="true"]');
  await page.locator('[data-panel="models"][data-state="ready"]').waitFor();
  expect(await chosen.textContent()).toBe("15 min");
  const asked = page.waitForRequest((request) => request.url().includes("/api/questions/calls?"));
  await page.getByRole("radio", { name: "last 7 days" }).click();
  const query = new URL((await asked).url()).searchParams;
  expect(query.get("step")).toBe("7200");
  expect(Number(query.get("to")) - Number(query.get("from"))).toBeGreaterThan(6.9 * 86_400_000);
  expect(page.url()).toBe(`${url}/?range=7d`);
  await page.goBack();
  await page.locator('.bar [role="radio"][aria-checked="true"]', { hasText: "15 min" }).waitFor();
  await chosen.press("ArrowRight");
  await page.locator('.bar [role="radio"][aria-checked="true"]', { hasText: "1 h" }).waitFor();
  expect(page.url()).toBe(`${url}/?range=1h`);
});

test("a filter is heeded by every question that has its dimension, stands in the URL, and still offers the other values", {
  timeout,
}, async (context) => {
  const ask: Ask = async (question, parameters) => {
    const rows = await sampleAnswers(question, parameters);
    const wanted = Object.entries(parameters.where);
    return rows.filter((row) => wanted.every(([name, value]) => !(name in row) || row[name] === value));
  };
  const { page, url, requests } = await visit(context, ask);
  const menu = page.getByLabel("Model", { exact: true });
  await menu.locator("option").nth(4).waitFor({ state: "attached" });
  requests.length = 0;
  await menu.selectOption("gpt-4o");
  await page.locator('[data-panel="models"] tbody tr').nth(1).waitFor({ state: "detached" });
  expect(await page.locator('[data-panel="models"] tbody th').allTextContents()).toEqual(["gpt-4o"]);
  expect(page.url()).toBe(`${url}/?range=1h&model=gpt-4o`);
  for (const name of questionNames.filter((question) => questions[question].dimensions.includes("model"))) {
    expect(
      requests.some((request) => request.includes(`/${name}?`) && request.includes("where.model=gpt-4o")),
      name,
    ).toBe(true);
  }
  await page.reload();
  await menu.locator("option").nth(4).waitFor({ state: "attached" });
  expect(await menu.inputValue()).toBe("gpt-4o");
  await menu.selectOption("");
  await page.locator('[data-panel="models"] tbody tr').nth(3).waitFor();
  expect(page.url()).toBe(`${url}/?range=1h`);
});

test("tables sort by the heading pressed, and say so", { timeout }, async (context) => {
  const { page } = await visit(context, sampleAnswers);
  const card = page.locator('[data-panel="models"]');
  await page.locator('[data-panel="models"][data-state="ready"]').waitFor();
  await card.getByRole("button", { name: "Model", exact: true }).click();
  expect(await card.locator("thead th").first().getAttribute("aria-sort")).toBe("ascending");
  const names = await card.locator("tbody th").allTextContents();
  expect(names).toEqual([...names].sort());
  await card.getByRole("button", { name: "Model", exact: true }).click();
  expect(await card.locator("tbody th").allTextContents()).toEqual([...names].reverse());
});

test("the cursor stands on every chart at once, and the chart under it says each series with its unit", {
  timeout,
}, async (context) => {
  const { page } = await visit(context, sampleAnswers);
  await page.locator('[data-panel="cost-by-model"][data-state="ready"] .u-over').hover({ position: { x: 200, y: 60 } });
  const lines = page.locator('[data-panel="cost-by-model"] .tip tbody tr, [data-panel="cost-by-model"] .tip tr');
  await lines.first().waitFor();
  const texts = await lines.allTextContents();
  expect(texts.length).toBe(5);
  for (const text of texts) expect(text).toMatch(/\$\d+\.\d{2,9}$/);
  const crosshair = `new DOMMatrix(getComputedStyle(document.querySelector('[data-panel="calls-by-route"] .u-cursor-x')).transform).e`;
  expect(await inPage(page, crosshair, z.number())).toBeGreaterThan(0);
  expect(await page.locator(".tip:visible").count()).toBe(1);
});

test("a legend hides a series, and the series comes back", { timeout }, async (context) => {
  const { page } = await visit(context, sampleAnswers);
  const entry = page.locator('[data-panel="calls-by-route"] .series').first();
  await entry.waitFor();
  await entry.click();
  await page.locator('[data-panel="calls-by-route"] .series[aria-pressed="false"]').waitFor();
  await entry.click();
  expect(await page.locator('[data-panel="calls-by-route"] .series[aria-pressed="false"]').count()).toBe(0);
});

test("on a phone nothing sticks out of the page, and every control can be reached by keyboard", {
  timeout,
}, async (context) => {
  const { page } = await visit(context, sampleAnswers, { width: 390 });
  await page
    .locator('.card[data-state="ready"]')
    .nth(panels.length - 1)
    .waitFor();
  expect(await inPage(page, "document.documentElement.scrollWidth", z.number())).toBe(390);
  await screenshot(page, "phone");
  const reached: string[] = [];
  for (let press = 0; press < 7; press += 1) {
    await page.keyboard.press("Tab");
    reached.push(await inPage(page, focused, z.string()));
  }
  expect(reached).toEqual(["skip", "quiet", "quiet", "radio", "pause", "theme", "info"]);
});
