import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A fresh folder that is removed when the test has finished. */
export const tempFolder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), "plumbline-spool-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};
