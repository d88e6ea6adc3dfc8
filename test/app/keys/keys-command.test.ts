import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { parseConfig } from "../../../config/load-config.ts";
import { gatewayConfig } from "../../../gateway/config.ts";
import { repository } from "../../architecture/source-files.ts";

test("keys create prints a key once, and the entry that knows it by its hash", () => {
  const args = ["keys", "create", "mobile: app", "--team", "search"];
  const run = spawnSync(process.execPath, [join(repository, "bin/plumbline.js"), ...args], { encoding: "utf8" });
  expect(run.stderr).toBe("");
  const [key = ""] = /plk-[\w-]{43}/.exec(run.stdout) ?? [];
  const entry = run.stdout.slice(run.stdout.indexOf("  keys:"));
  const schema = z.object({ gateway: gatewayConfig });
  const parsed = parseConfig({ schema, file: "f", text: `gateway:\n${entry}`, environment: {} });
  const sha256 = createHash("sha256").update(key).digest("hex");
  expect(parsed.ok && parsed.config.gateway.keys).toEqual([
    { id: "mobile: app", sha256, team: "search", isDisabled: false },
  ]);
  expect(entry).not.toContain(key);
});
