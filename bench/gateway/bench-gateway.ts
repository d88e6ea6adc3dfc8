import type { Figure } from "../figure.ts";
import { median, medianFigure, quantile } from "../figure.ts";
import type { Target } from "./load.ts";
import { closedLoop, openLoop, openPool, sequential } from "./load.ts";
import { canPin, residentMb } from "./processes.ts";
import type { Server, ServerName } from "./start-servers.ts";
import { gatewayCore, loadCore, startServers } from "./start-servers.ts";

const rounds = 5;

type Report = (text: string) => void;

/**
 * Measures the gateway beside a bare express + undici pass-through and Portkey's open gateway in one run: each on the same
 * pinned core in turn, the provider and the load on the other core, spans on, spool on, the bus on disk.
 */
export const benchGateway = async (report: Report): Promise<readonly Figure[]> => {
  report(canPin ? `gateways on core ${gatewayCore}, load on core ${loadCore}` : "taskset is absent: nothing is pinned");
  const running = await startServers(report);
  try {
    const figures = await measure({ report, servers: running.servers });
    return [
      ...figures,
      medianFigure("gateway.rss_after_load", "MB", [residentMb(running.pids.ours)]),
      medianFigure("gateway.rss_after_load_of_bare", "MB", [residentMb(running.pids.bare)]),
    ];
  } finally {
    await running.stop();
  }
};

interface Bench {
  readonly report: Report;
  readonly servers: Readonly<Record<ServerName, Server>>;
}

const gateways = ["bare", "portkey", "ours"] as const;
type Samples = Record<(typeof gateways)[number], number[]>;

const measure = async (bench: Bench): Promise<readonly Figure[]> => {
  const figures: Figure[] = [];
  for (const isStream of [false, true]) {
    figures.push(...(await throughput(bench, isStream)), ...(await addedLatency(bench, isStream)));
  }
  figures.push(...(await tail(bench)));
  return figures;
};

const kindOf = (isStream: boolean): string => (isStream ? "stream" : "whole");

/** All in turn, round by round, so that whatever else the machine does hits all of them; ratios are taken per round. */
const throughput = async ({ report, servers }: Bench, isStream: boolean): Promise<readonly Figure[]> => {
  const rates: Samples = { bare: [], portkey: [], ours: [] };
  await warmUp(servers, isStream);
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of gateways) {
      rates[name].push(await closedLoop20(servers[name], isStream, 4_000));
    }
    const said = gateways.map((name) => `${name} ${rates[name].at(-1)?.toFixed(0)}/s`).join(", ");
    report(`${kindOf(isStream)} round ${round}: ${said}`);
  }
  const kind = kindOf(isStream);
  const shareOf = (name: "bare" | "portkey"): readonly number[] =>
    rates.ours.map((rate, index) => rate / (rates[name][index] ?? Number.NaN));
  return [
    medianFigure(`gateway.${kind}.throughput`, "calls/s", rates.ours),
    medianFigure(`gateway.${kind}.bare_throughput`, "calls/s", rates.bare),
    medianFigure(`gateway.${kind}.portkey_throughput`, "calls/s", rates.portkey),
    medianFigure(`gateway.${kind}.share_of_bare`, "ratio", shareOf("bare")),
    medianFigure(`gateway.${kind}.times_portkey`, "ratio", shareOf("portkey")),
  ];
};

const closedLoop20 = (server: Server, isStream: boolean, ms: number): Promise<number> =>
  withTarget(server, { isStream, connections: 20 }, (target) => closedLoop(target, { connections: 20, ms }));

/** What each adds to a call at one connection: its median less that of the provider asked directly, per round. */
const addedLatency = async ({ report, servers }: Bench, isStream: boolean): Promise<readonly Figure[]> => {
  const added: Samples = { bare: [], portkey: [], ours: [] };
  const medianOf = (server: Server): Promise<number> =>
    withTarget(server, { isStream, connections: 1 }, async (target) => {
      const times = await sequential(target, 500);
      return median(times.map(({ firstMs, totalMs }) => (isStream ? firstMs : totalMs)));
    });
  for (let round = 1; round <= rounds; round += 1) {
    const direct = await medianOf(servers.mock);
    for (const name of gateways) {
      added[name].push((await medianOf(servers[name])) - direct);
    }
    report(
      `${kindOf(isStream)} latency round ${round}: direct ${direct.toFixed(3)} ms, ours adds ${added.ours.at(-1)?.toFixed(3)} ms`,
    );
  }
  const what = isStream ? "stream.added_first_byte_p50" : "whole.added_latency_p50";
  return [
    medianFigure(`gateway.${what}`, "ms", added.ours),
    medianFigure(`gateway.${what}_of_bare`, "ms", added.bare),
    medianFigure(`gateway.${what}_of_portkey`, "ms", added.portkey),
  ];
};

/** The 99th percentile at 1,000 calls a second, started on time whatever the answers do. */
const tail = async ({ report, servers }: Bench): Promise<readonly Figure[]> => {
  const added: number[] = [];
  const addedByBare: number[] = [];
  const p99Of = (server: Server): Promise<number> =>
    withTarget(server, { isStream: false, connections: 64 }, async (target) => {
      // Opening 64 connections at once is no part of the figure.
      await closedLoop(target, { connections: 64, ms: 1_000 });
      return quantile(await openLoop(target, { perSecond: 1_000, ms: 5_000 }), 0.99);
    });
  for (let round = 1; round <= rounds; round += 1) {
    const direct = await p99Of(servers.mock);
    addedByBare.push((await p99Of(servers.bare)) - direct);
    added.push((await p99Of(servers.ours)) - direct);
    report(`1,000/s round ${round}: direct p99 ${direct.toFixed(2)} ms, ours adds ${added.at(-1)?.toFixed(2)} ms`);
  }
  return [
    medianFigure("gateway.whole.added_latency_p99_at_1000", "ms", added),
    medianFigure("gateway.whole.added_latency_p99_at_1000_of_bare", "ms", addedByBare),
  ];
};

/** As long for each: after two seconds ours still became faster for half a minute, and the pass-through no more. */
const warmUp = async (servers: Bench["servers"], isStream: boolean): Promise<void> => {
  for (const server of Object.values(servers)) {
    await closedLoop20(server, isStream, 10_000);
  }
};

const withTarget = async <T>(
  { port, headers }: Server,
  { isStream, connections }: { readonly isStream: boolean; readonly connections: number },
  use: (target: Target) => Promise<T>,
): Promise<T> => {
  const pool = openPool(port, connections);
  try {
    return await use({ pool, isStream, headers });
  } finally {
    await pool.close();
  }
};
