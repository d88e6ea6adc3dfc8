import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import type { TestContext } from "vitest";
import { z } from "zod";
import type { Ask } from "../../../dashboards/console/answers.ts";
import type { Extra } from "../../../dashboards/console/extra.ts";
import { needsChromium } from "../../support/needs.ts";
import { startTestConsole } from "./start-console.ts";

/** How a page is opened. */
export interface VisitOptions {
  /** Path and query; the root when absent. */
  readonly path?: string;
  readonly colorScheme?: "light" | "dark";
  /** Pixels. */
  readonly width?: number;
  /** The page's time then moves only as the test says. */
  readonly hasOwnClock?: boolean;
  /** What is answered besides the console's own paths. */
  readonly extra?: Extra;
}

/** A console's page in a browser. */
export interface Visit {
  readonly page: Page;
  readonly url: string;
  /** What the browser complained about. */
  readonly complaints: string[];
  /** Requests, as URLs. */
  readonly requests: string[];
}

/** One browser for the tests of a file. */
export interface Visitor {
  /** Starts a console that asks `ask`, and opens its page with a fresh profile; skips the test where there is no Chromium. */
  readonly visit: (test: TestContext, ask: Ask, options?: VisitOptions) => Promise<Visit>;
  /** Ends the consoles and pages of a test. */
  readonly leave: () => Promise<void>;
  /** Ends the browser. */
  readonly close: () => Promise<void>;
}

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** Creates a visitor; its browser starts with the first visit. */
export const createVisitor = (): Visitor => {
  let browser: Browser | undefined;
  const closers: (() => Promise<unknown>)[] = [];
  return {
    visit: async (test, ask, options = {}) => {
      const executablePath = needsChromium(test);
      const server = await startTestConsole(ask, options.extra === undefined ? {} : { extra: options.extra });
      closers.push(server.close);
      browser ??= await chromium.launch({ executablePath, args: flags });
      const { colorScheme = "light", width = 1280, path = "/" } = options;
      // A context of its own is a fresh profile: nothing that one test stores is seen by another.
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
      closers.push(() => context.close());
      const page = await context.newPage();
      if (options.hasOwnClock === true) await page.clock.install();
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => requests.push(request.url()));
      await page.goto(`${server.url}${path}`);
      return { page, url: server.url, complaints, requests };
    },
    leave: async () => {
      for (const close of closers.splice(0).reverse()) await close();
    },
    close: async () => {
      await browser?.close();
    },
  };
};

/** Runs code in the page; it is text, because the tests' own types know no page. */
export const inPage = <Result>(page: Page, expression: string, schema: z.ZodType<Result>): Promise<Result> =>
  page.evaluate(expression).then((result) => schema.parse(result));

/** The colour behind everything. */
export const background = (page: Page): Promise<string> =>
  inPage(page, "getComputedStyle(document.body).backgroundColor", z.string());

/**
 * Takes a picture of the whole page and returns its size in bytes. It is kept where `PLUMBLINE_SCREENSHOTS` names a folder,
 * and otherwise goes with its temporary one.
 */
export const screenshot = async (page: Page, name: string): Promise<number> => {
  const kept = process.env["PLUMBLINE_SCREENSHOTS"];
  const folder = kept ?? (await mkdtemp(join(tmpdir(), "plumbline-shots-")));
  const image = await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  if (kept === undefined) await rm(folder, { recursive: true, force: true });
  return image.length;
};
