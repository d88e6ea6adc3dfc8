import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exitCodeOf } from "../../app/exit-codes.ts";
import { createPrometheusMeter } from "../../app/prometheus-meter.ts";
import { readOwner, removeOwner, writeOwner } from "../../app/roles/owner-file.ts";
import { parseRoles, roleNames } from "../../app/roles/role-names.ts";
import { PlumblineError } from "../../core/errors.ts";
import { instruments } from "../../core/instruments.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plumbline-roles-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe("parseRoles", () => {
  test("none named means all; those named come in the order in which data reaches them", () => {
    expect(parseRoles(undefined)).toEqual(roleNames);
    expect(parseRoles("console, gateway")).toEqual(["gateway", "console"]);
  });

  test.each(["", "gateway,", "collector", "GATEWAY"])("%j is refused with the roles there are", (text) => {
    expect(() => parseRoles(text)).toThrow(
      expect.objectContaining({
        code: "cli.usage",
        message: expect.stringContaining("gateway, processors, alerts, console"),
      }),
    );
  });
});

describe("the owner file", () => {
  test("is read back as written, and is nothing when absent, broken or taken back", () => {
    const file = join(dir, "owner.json");
    expect(readOwner(file)).toBeNull();
    writeOwner(file, { pid: 7, url: "http://127.0.0.1:8123" });
    expect(readOwner(file)).toEqual({ pid: 7, url: "http://127.0.0.1:8123" });
    removeOwner(file);
    removeOwner(file);
    expect(readOwner(file)).toBeNull();
    writeFileSync(file, '{"pid":');
    expect(readOwner(file)).toBeNull();
  });
});

describe("createPrometheusMeter", () => {
  test("shows every instrument of the catalogue with its help, and what was raised", async () => {
    const meter = createPrometheusMeter();
    meter.add("gatewayCalls", 2, { route: "default", outcome: "ok" });
    meter.set("gatewayInFlight", 3);
    meter.observe("gatewayTtft", 0.02, { route: "default" });
    const text = await meter.text();
    for (const { name, help } of Object.values(instruments)) {
      expect(text).toContain(`# HELP ${name} ${help}`);
    }
    expect(text).toContain('plumbline_gateway_calls_total{route="default",outcome="ok"} 2');
    expect(text).toContain("plumbline_gateway_calls_in_flight 3");
    expect(text).toContain('plumbline_gateway_ttft_seconds_bucket{le="0.025",route="default"} 1');
  });
});

describe("exitCodeOf", () => {
  test.each([
    { code: "cli.usage", exit: 2 },
    { code: "config.invalid", exit: 78 },
    { code: "port.in_use", exit: 1 },
  ] as const)("$code ends with $exit", ({ code, exit }) => {
    expect(exitCodeOf(new PlumblineError(code, "x"))).toBe(exit);
  });

  test("a defect ends with 1", () => {
    expect(exitCodeOf(new Error("x"))).toBe(1);
  });
});
