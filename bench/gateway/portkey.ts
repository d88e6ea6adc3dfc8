import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { cacheFolder } from "../../test/servers/cache-folder.ts";
import type { BenchProcess } from "./processes.ts";
import { startPinned } from "./processes.ts";

const version = "1.15.2";

/** The server it was released with: a later one answers every stream with an error. */
const overrides = { "@hono/node-server": "1.13.5" };

const folder = (): string => join(cacheFolder(), `portkey-${version}`);

/** Installs Portkey's open gateway into the cache, outside of this project, unless it is there. */
export const installPortkey = async (report: (text: string) => void): Promise<void> => {
  if (existsSync(folder())) return;
  report(`Portkey ${version}: installing from npm into the cache`);
  const work = `${folder()}.making-${process.pid}`;
  await mkdir(work, { recursive: true });
  try {
    const manifest = { private: true, dependencies: { "@portkey-ai/gateway": version }, overrides };
    await writeFile(join(work, "package.json"), JSON.stringify(manifest));
    await promisify(execFile)("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: work });
    await rename(work, folder());
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

/** Headers by which it sends a call to the provider on a port of this machine. */
export const portkeyHeaders = (mockPort: number): Readonly<Record<string, string>> => ({
  "x-portkey-provider": "openai",
  "x-portkey-custom-host": `http://127.0.0.1:${mockPort}/v1`,
  authorization: "Bearer none",
});

const attempts = 100;

/** Starts it on one core, without its page, and waits until it answers. */
export const startPortkey = async (port: number, core: number): Promise<BenchProcess> => {
  const started = await startPinned({
    file: join(folder(), "node_modules/@portkey-ai/gateway/build/start-server.js"),
    args: [`--port=${port}`, "--headless"],
    core,
    tellsReady: false,
  });
  for (let attempt = 1; attempt < attempts; attempt += 1) {
    const isUp = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (isUp) return started;
    await setTimeout(100);
  }
  await started.stop();
  throw new Error(`Portkey ${version} did not start`);
};
