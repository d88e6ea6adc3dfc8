import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { configSchema } from "../../app/config-schema.ts";
import { roleNames } from "../../app/roles/role-names.ts";
import { welcome } from "../../app/welcome.ts";

describe("welcome", () => {
  test("prints with the default configuration what README.md shows behind npm start", () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const [, shown] = /<!-- output: npm start -->\n```\n(.*?)```/s.exec(readme) ?? [];
    const printed = welcome({
      config: configSchema.parse({}),
      root: resolve("plumbline-data"),
      roles: roleNames,
      lines: [
        "console   http://127.0.0.1:8081",
        "SQL       http://127.0.0.1:8123 (read-only, ClickHouse's HTTP protocol)",
        "gateway   http://127.0.0.1:8080/v1",
      ],
    });
    expect(printed.trimStart()).toBe(shown);
  });

  test("names a data folder elsewhere by its whole path, and suggests no calls without a gateway", () => {
    const printed = welcome({
      config: configSchema.parse({}),
      root: "/var/lib/plumbline",
      roles: ["console"],
      lines: [],
    });
    expect(printed).toContain("data      /var/lib/plumbline");
    expect(printed).not.toContain("Try next");
  });
});
