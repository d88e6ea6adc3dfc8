import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestContext } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** The folder of recorded data: `PLUMBLINE_DATA`, or `../shared/data` beside the repository; it need not exist. */
const dataFolder = (): string => process.env["PLUMBLINE_DATA"] ?? resolve(repository, "../shared/data");

/** The absolute path of a file of the data folder; skips the test, saying which file it needs, when it is absent. */
export const needsData = (context: TestContext, relativePath: string): string => {
  const path = resolve(dataFolder(), relativePath);
  if (!existsSync(path)) context.skip(`needs ${relativePath} in the folder that PLUMBLINE_DATA names`);
  return path;
};

const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The path of an installed Chromium (`PLUMBLINE_CHROMIUM` comes first); skips the test when there is none. */
export const needsChromium = (context: TestContext): string => {
  const candidates = [process.env["PLUMBLINE_CHROMIUM"], ...browsers];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  return found ?? context.skip("needs Chromium: install Debian's package chromium or set PLUMBLINE_CHROMIUM");
};
