import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Figure } from "../figure.ts";
import { median, medianFigure, quantile } from "../figure.ts";
import type { Target } from "./load.ts";
import { closedLoop, openLoop, openPool, sequential } from "./load.ts";
import type { BenchProcess } from "./processes.ts";
import { canPin, residentMb, startPinned } from "./processes.ts";

const rounds = 5;
const loadCore = 0;
const gatewayCore = 1;

type Report = (text: string) => void;

/**
 * Measures the gateway beside a bare express + undici pass-through in one run: each on the same pinned core in turn, the
 * provider and the load on the other core, spans on, spool on, the bus on disk.
 */
export const benchGateway = async (report: Report): Promise<readonly Figure[]> => {
  report(canPin ? `gateways on core ${gatewayCore}, load on core ${loadCore}` : "taskset is absent: nothing is pinned");
  const dir = mkdtempSync(join(tmpdir(), "plumbline-bench-"));
  const [mockPort, barePort, gatewayPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const processes: BenchProcess[] = [];
  try {
    processes.push(await startPinned({ file: "mock-provider.ts", args: [String(mockPort)], core: loadCore }));
    processes.push(
      await startPinned({
        file: "bare-pass-through.ts",
        args: [String(barePort), String(mockPort)],
        core: gatewayCore,
      }),
    );
    const gateway = await startGateway(dir, { gatewayPort, mockPort });
    processes.push(gateway);
    return await measure({
      report,
      ports: { mock: mockPort, bare: barePort, ours: gatewayPort },
      gatewayPid: gateway.pid,
    });
  } finally {
    for (const process of processes.reverse()) {
      await process.stop();
    }
    rmSync(dir, { recursive: true, force: true });
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
    args: ["serve", "--roles", "gateway", "--config", config],
    core: gatewayCore,
    cwd: dir,
  });
};

interface Bench {
  readonly report: Report;
  readonly ports: { readonly mock: number; readonly bare: number; readonly ours: number };
  readonly gatewayPid: number;
}

const measure = async (bench: Bench): Promise<readonly Figure[]> => {
  const figures: Figure[] = [];
  for (const isStream of [false, true]) {
    figures.push(...(await throughput(bench, isStream)), ...(await addedLatency(bench, isStream)));
  }
  figures.push(...(await tail(bench)));
  figures.push(medianFigure("gateway.rss_after_load", "MB", [residentMb(bench.gatewayPid)]));
  return figures;
};

const kindOf = (isStream: boolean): string => (isStream ? "stream" : "whole");

/** Both servers in turn, round by round, so that whatever else the machine does hits both; the ratio is taken per round. */
const throughput = async ({ report, ports }: Bench, isStream: boolean): Promise<readonly Figure[]> => {
  const ours: number[] = [];
  const bare: number[] = [];
  await warmUp(ports, isStream);
  for (let round = 1; round <= rounds; round += 1) {
    for (const [rates, port] of [
      [bare, ports.bare],
      [ours, ports.ours],
    ] as const) {
      rates.push(await withPool(port, 20, (pool) => closedLoop({ pool, isStream }, { connections: 20, ms: 4_000 })));
    }
    report(`${kindOf(isStream)} round ${round}: bare ${bare.at(-1)?.toFixed(0)}/s, ours ${ours.at(-1)?.toFixed(0)}/s`);
  }
  const kind = kindOf(isStream);
  return [
    medianFigure(`gateway.${kind}.throughput`, "calls/s", ours),
    medianFigure(`gateway.${kind}.bare_throughput`, "calls/s", bare),
    medianFigure(
      `gateway.${kind}.share_of_bare`,
      "ratio",
      ours.map((rate, index) => rate / (bare[index] ?? Number.NaN)),
    ),
  ];
};

/** What the gateway adds to a call at one connection: its median less that of the provider asked directly, per round. */
const addedLatency = async ({ report, ports }: Bench, isStream: boolean): Promise<readonly Figure[]> => {
  const added: number[] = [];
  const addedByBare: number[] = [];
  const medianOf = (port: number): Promise<number> =>
    withPool(port, 1, async (pool) => {
      const times = await sequential({ pool, isStream }, 500);
      return median(times.map(({ firstMs, totalMs }) => (isStream ? firstMs : totalMs)));
    });
  for (let round = 1; round <= rounds; round += 1) {
    const direct = await medianOf(ports.mock);
    addedByBare.push((await medianOf(ports.bare)) - direct);
    added.push((await medianOf(ports.ours)) - direct);
    report(
      `${kindOf(isStream)} latency round ${round}: direct ${direct.toFixed(3)} ms, ours adds ${added.at(-1)?.toFixed(3)} ms`,
    );
  }
  const what = isStream ? "stream.added_first_byte_p50" : "whole.added_latency_p50";
  return [medianFigure(`gateway.${what}`, "ms", added), medianFigure(`gateway.${what}_of_bare`, "ms", addedByBare)];
};

/** The 99th percentile at 1,000 calls a second, started on time whatever the answers do. */
const tail = async ({ report, ports }: Bench): Promise<readonly Figure[]> => {
  const added: number[] = [];
  const p99Of = (port: number): Promise<number> =>
    withPool(port, 64, async (pool) => {
      const target = { pool, isStream: false };
      // Opening 64 connections at once is no part of the figure.
      await closedLoop(target, { connections: 64, ms: 1_000 });
      return quantile(await openLoop(target, { perSecond: 1_000, ms: 5_000 }), 0.99);
    });
  for (let round = 1; round <= rounds; round += 1) {
    const direct = await p99Of(ports.mock);
    added.push((await p99Of(ports.ours)) - direct);
    report(`1,000/s round ${round}: direct p99 ${direct.toFixed(2)} ms, ours adds ${added.at(-1)?.toFixed(2)} ms`);
  }
  return [medianFigure("gateway.whole.added_latency_p99_at_1000", "ms", added)];
};

const warmUp = async (ports: Bench["ports"], isStream: boolean): Promise<void> => {
  for (const port of [ports.mock, ports.bare, ports.ours]) {
    await withPool(port, 20, (pool) => closedLoop({ pool, isStream }, { connections: 20, ms: 2_000 }));
  }
};

const withPool = async <T>(
  port: number,
  connections: number,
  use: (pool: Target["pool"]) => Promise<T>,
): Promise<T> => {
  const pool = openPool(port, connections);
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
};
