import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadSettings } from "../../../app/load-settings.ts";
import { RouteReload } from "../../../app/roles/route-reload.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

const lookMs = 2_000;

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plumbline-reload-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

test("a configuration file that changes is taken once for each change, and the last good one is kept", async () => {
  const file = join(dir, "plumbline.yaml");
  const clock = virtualClock();
  const taken: (readonly string[])[] = [];
  const lines: string[] = [];
  const write = (_fields: object, message: string): void => void lines.push(message);
  const look = (): Promise<void> => clock.advanceUntil(clock.sleep(lookMs), lookMs);
  const save = (text: string): void => writeFileSync(file, text);
  const routes = (name: string): string =>
    `gateway: { routes: { ${name}: { models: [m], targets: [{ provider: simulated }] } } }\n`;
  save(routes("first"));
  const reload = new RouteReload({
    file,
    load: () => loadSettings(file, {}),
    apply: ({ config }) => void taken.push(Object.keys(config.gateway.routes)),
    clock,
    log: { info: write, warn: write, error: write },
  });
  reload.start();
  await look();
  expect(taken).toEqual([]);
  save(routes("second"));
  await look();
  await look();
  expect(taken).toEqual([["second"]]);
  save(`${routes("third")}nonsense: [`);
  await look();
  await look();
  rmSync(file);
  await look();
  expect(taken).toEqual([["second"]]);
  save(routes("fourth"));
  await look();
  reload.reload();
  expect(taken).toEqual([["second"], ["fourth"], ["fourth"]]);
  expect(lines.map((line) => line.includes("cannot be taken"))).toEqual([false, true, true, false, false]);
  await reload.stop();
});
