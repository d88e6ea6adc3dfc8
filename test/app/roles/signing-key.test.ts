import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configSchema } from "../../../app/config-schema.ts";
import { openDataFolder } from "../../../app/data-folder.ts";
import { signingKey } from "../../../app/roles/signing-key.ts";
import { silentLog } from "../../../core/log.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plumbline-key-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const keyWith = (config: object): Promise<string | null> =>
  signingKey({
    settings: { config: configSchema.parse(config), file: null },
    folder: openDataFolder(dir),
    log: silentLog,
  });
const kafka = { kind: "kafka", brokers: ["127.0.0.1:9092"] };
const configured = "0123456789abcdef0123456789abcdef";

describe("the key of verdicts", () => {
  test("is made once, by whoever comes first, and readable to its owner only", async () => {
    const keys = await Promise.all([1, 2, 3, 4].map(() => keyWith({})));
    expect(new Set([...keys, await keyWith({})]).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(join(dir, "verdicts.key")).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir).filter((name) => name.startsWith("verdicts"))).toEqual(["verdicts.key"]);
  });

  test("is the configuration's where that names one, and then none is made", async () => {
    expect(await keyWith({ verdicts: { signingKey: configured }, bus: kafka })).toBe(configured);
    expect(await keyWith({ verdicts: { signingKey: configured } })).toBe(configured);
    expect(existsSync(join(dir, "verdicts.key"))).toBe(false);
  });

  test("is none with Kafka and without the setting", async () => {
    expect(await keyWith({ bus: kafka })).toBeNull();
  });

  test("that is short is refused", () => {
    expect(configSchema.safeParse({ verdicts: { signingKey: "short" } }).success).toBe(false);
  });

  test("that cannot be kept is an error with its place", async () => {
    const folder = openDataFolder(dir);
    const gone = { ...folder, signingKey: join(dir, "nowhere", "verdicts.key") };
    const key = signingKey({ settings: { config: configSchema.parse({}), file: null }, folder: gone, log: silentLog });
    await expect(key).rejects.toMatchObject({ code: "data.read_only", message: expect.stringContaining("nowhere") });
  });
});
