import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { Ask } from "../../dashboards/console/answers.ts";
import { useApi } from "../alerts/api/use-api.ts";
import { setUpDesk } from "../alerts/desk.ts";
import { sampleAnswers } from "./support/sample-answers.ts";
import { createVisitor, screenshot } from "./support/visit.ts";

const timeout = 60_000;
const open = useApi(setUpDesk());
const { visit, leave, close } = createVisitor();
afterEach(leave);
afterAll(close);

/** Answers the panels above, and nothing of the long lists below. */
const shortAnswers: Ask = async (question, parameters) =>
  question === "totals" || question === "calls" ? sampleAnswers(question, parameters) : [];

const asked = { route: "chat", candidate: "new" };
const steps = { canaries: { plan: "1-5-25-50-100" } };

describe("the canaries of the page", () => {
  test("are shown with stage, evidence and what is waited for, and kept up to date", { timeout }, async (context) => {
    const api = await open(steps);
    await api.post("/api/canaries", asked);
    await api.look({}, () => api.rollouts.list()[0]?.judge.stage === 2);
    const { page, complaints } = await visit(context, shortAnswers, { extra: api.answer });
    const card = page.locator(".canary");
    await card.waitFor();
    expect(await card.locator("header").textContent()).toBe("newon chatRunningAbortPromote");
    expect(await card.locator('li[data-place="behind"]').count()).toBe(2);
    expect(await card.locator(".facts dd").first().textContent()).toBe("3 of 5 · 25%");
    expect(await card.locator("[role=meter]").getAttribute("aria-valuemax")).toBe("4.6");
    expect(await screenshot(page, "canaries-light")).toBeGreaterThan(20_000);
    await api.look({ candidate: { errorRate: 0.08 } }, () => api.rollouts.list()[0]?.endedAtMs !== null);
    await page.locator('.canary[data-status="rolled_back"]').waitFor();
    expect(await card.locator(".says").textContent()).toContain("times the baseline");
    expect(await page.locator(".no-canary code").textContent()).toContain("npx plumbline canary start");
    expect(complaints).toEqual([]);
  });

  test("are ended with a reason after a question, with the token where there is one", { timeout }, async (context) => {
    const api = await open({ ...steps, api: { token: "s3cret" } });
    await api.post("/api/canaries", asked, { authorization: "Bearer s3cret" });
    const { page } = await visit(context, shortAnswers, { extra: api.answer, colorScheme: "dark" });
    await page.getByRole("button", { name: "Abort the canary new" }).click();
    const dialog = page.locator("dialog");
    expect(await dialog.locator("p").first().textContent()).toBe("Take new back? It gets no traffic of chat any more.");
    await dialog.getByRole("button", { name: "Abort" }).click();
    expect(api.rollouts.list()[0]?.endedAtMs).toBeNull();
    await dialog.getByLabel("Reason").fill("wrong build");
    await dialog.getByRole("button", { name: "Abort" }).click();
    await dialog.getByLabel("Token").fill("s3cret");
    await screenshot(page, "canaries-dark-dialog");
    await page.keyboard.press("Enter");
    await page.locator('.canary[data-status="aborted"]').waitFor();
    expect(api.rollouts.list()).toMatchObject([{ status: "aborted", says: "wrong build" }]);
    await screenshot(page, "canaries-dark");
  });

  test("fit a phone, and tell how to start one while there is none", { timeout }, async (context) => {
    const api = await open(steps);
    const { page } = await visit(context, shortAnswers, { extra: api.answer, width: 390 });
    await page.locator(".no-canary").waitFor();
    await screenshot(page, "canaries-phone-empty");
    await api.post("/api/canaries", asked);
    await api.post("/api/canaries", { ...asked, candidate: "apart", traffic: "external", name: "bot", checksum: "1" });
    await page.locator(".canary").nth(1).waitFor();
    expect(await page.locator(".no-canary").isVisible()).toBe(false);
    const box = await page.locator(".canary").first().boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 391)).toBeLessThanOrEqual(390);
    await screenshot(page, "canaries-phone");
  });

  test("are not there where nobody runs any", { timeout }, async (context) => {
    const { page, complaints } = await visit(context, shortAnswers);
    await page.locator('#live[data-state="live"]').waitFor();
    expect(await page.getByRole("heading", { name: "Canaries", exact: true }).isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  });
});
