import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gatewayEnvironment, gatewayFlags } from "../../app/gateway-process.ts";
import type { Target } from "./load.ts";
import { installPortkey, portkeyHeaders, startPortkey } from "./portkey.ts";
import type { BenchProcess } from "./processes.ts";
import { startPinned } from "./processes.ts";

/** The core of the load and of the provider. */
export const loadCore = 0;

/** The core on which the gateways take turns. */
export const gatewayCore = 1;

/** Who answers calls: the provider itself, the yardsticks, and we. */
export type ServerName = "mock" | "bare" | "portkey" | "ours";

/** One of them, as the load sees it. */
export interface Server {
  readonly port: number;
  readonly headers: Target["headers"];
}

/** All of them. */
export interface RunningServers {
  readonly servers: Readonly<Record<ServerName, Server>>;
  readonly pids: { readonly ours: number; readonly bare: number };
  readonly stop: () => Promise<void>;
}

/** Starts the provider and the gateways under test, each a process on its core. */
export const startServers = async (report: (text: string) => void): Promise<RunningServers> => {
  await installPortkey(report);
  const dir = mkdtempSync(join(tmpdir(), "plumbline-bench-"));
  const processes: BenchProcess[] = [];
  const stop = async (): Promise<void> => {
    for (const process of processes.toReversed()) {
      await process.stop();
    }
    rmSync(dir, { recursive: true, force: true });
  };
  const keep = (process: BenchProcess): number => {
    processes.push(process);
    return process.pid;
  };
  try {
    const [mock, bare, portkey, ours] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    keep(await startPinned({ file: "mock-provider.ts", args: [String(mock)], core: loadCore }));
    const bareArgs = [String(bare), String(mock)];
    const barePid = keep(await startPinned({ file: "bare-pass-through.ts", args: bareArgs, core: gatewayCore }));
    keep(await startPortkey(portkey, gatewayCore));
    const oursPid = keep(await startGateway(dir, { gatewayPort: ours, mockPort: mock }));
    return {
      servers: {
        mock: { port: mock, headers: {} },
        bare: { port: bare, headers: {} },
        portkey: { port: portkey, headers: portkeyHeaders(mock) },
        ours: { port: ours, headers: {} },
      },
      pids: { ours: oursPid, bare: barePid },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

const startGateway = (
  dir: string,
  ports: { readonly gatewayPort: number; readonly mockPort: number },
): Promise<BenchProcess> => {
  const config = join(dir, "plumbline.yaml");
  writeFileSync(
    config,
    `data: { dir: ${join(dir, "data")} }
log: { level: error }
gateway:
  port: ${ports.gatewayPort}
  providers: { bench: { kind: openai, baseUrl: "http://127.0.0.1:${ports.mockPort}/v1" } }
  routes: { bench: { models: [bench-model], targets: [{ provider: bench }] } }
`,
  );
  return startPinned({
    file: "../../bin/plumbline.js",
    nodeFlags: gatewayFlags,
    environment: gatewayEnvironment,
    args: ["serve", "--roles", "gateway", "--config", config],
    core: gatewayCore,
    cwd: dir,
  });
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
};
