import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { PlumblineError } from "../../../core/errors.ts";
import { silentMeter } from "../../../core/instruments.ts";
import { silentLog } from "../../../core/log.ts";
import type { SpendingWatchDeps } from "../../../gateway/budgets/spending-watch.ts";
import { SpendingWatch } from "../../../gateway/budgets/spending-watch.ts";
import type { MemoryBus } from "../../support/memory-bus.ts";
import { openMemoryBus } from "../../support/memory-bus.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import type { UpstreamScript } from "../support/mock-upstream.ts";
import { answerJson } from "../support/mock-upstream.ts";
import { completion } from "../support/openai-bytes.ts";
import type { TestGateway } from "../support/test-gateway.ts";
import { hello } from "../support/test-gateway.ts";
import { startLimited } from "./limited-gateway.ts";
import { nanosOf } from "./spending.ts";

/** A gateway that shares its budgets. */
export interface Replica extends AsyncDisposable {
  /** Calls it once; resolves with the status. */
  readonly call: () => Promise<number>;
  /** Calls until it is refused; resolves with how often it was served. */
  readonly loop: () => Promise<number>;
  /** Nano-dollars that it knows of others. */
  readonly knows: () => number;
  /** From now on it tells nobody anything, as after a kill. */
  readonly kill: () => void;
  /** Ends it as a stop does: everything is told. */
  readonly stop: () => Promise<void>;
}

/** Some gateways on one bus. */
export interface Replicas extends AsyncDisposable {
  readonly bus: MemoryBus;
  /** What their providers were paid, in nano-dollars. */
  readonly spent: () => number;
  /** Starts one; gateways of one machine share what is on its disk. */
  readonly start: (gatewayId: string, machine?: string) => Promise<Replica>;
  /** Moves time on until something holds. */
  readonly until: (holds: () => boolean) => Promise<void>;
}

const asked = z.object({ max_tokens: z.number() });
const body = { ...hello, max_tokens: 100 };

/** Gateways with a hard limit for all of them together. */
export const openReplicas = (dollarsPerMonth: number): Replicas => {
  const dir = mkdtempSync(join(tmpdir(), "plumbline-replicas-"));
  const clock = virtualClock(Date.UTC(2026, 10, 21, 16, 30));
  const bus = openMemoryBus({ clock });
  const running: Replica[] = [];
  let spent = 0;
  const script: UpstreamScript = async (response, request) => {
    const output = asked.parse(JSON.parse(request.body.toString())).max_tokens;
    spent += nanosOf(request.body.length, output);
    await answerJson(completion("ok", { prompt_tokens: request.body.length, completion_tokens: output }))(
      response,
      request,
    );
  };
  const start = async (gatewayId: string, machine = gatewayId): Promise<Replica> => {
    const limits = [{ level: "gateway", dollarsPerMonth }];
    const home = join(dir, machine);
    mkdirSync(home, { recursive: true });
    const system = await startLimited({ dir: home, limits, script, gatewayId, deps: { bus, clock } });
    const { budgets } = system.gateway;
    let isDead = false;
    const ownBus: SpendingWatchDeps["bus"] = {
      browse: bus.browse,
      follow: bus.follow,
      publish: (message) => (isDead ? Promise.reject(new PlumblineError("bus.closed", "dead")) : bus.publish(message)),
    };
    const kill = (): void => {
      isDead = true;
    };
    const deps = { bus: ownBus, budgets, gatewayId, reportMs: 1_000, clock, log: silentLog, meter: silentMeter };
    const watch = new SpendingWatch(deps);
    await clock.advanceUntil(watch.start(), 10);
    const replica = { ...replicaOf(system, () => clock.advanceUntil(watch.stop(), 100)), kill };
    running.push(replica);
    return replica;
  };
  return {
    bus,
    spent: () => spent,
    start,
    until: (holds) =>
      clock.advanceUntil(
        (async () => {
          while (!holds()) await new Promise(setImmediate);
        })(),
        100,
      ),
    [Symbol.asyncDispose]: async () => {
      for (const replica of running) await replica[Symbol.asyncDispose]();
      await clock.advanceUntil(bus.close(), 100);
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

const replicaOf = (system: TestGateway, stopWatch: () => Promise<void>): Omit<Replica, "kill"> => {
  const call = async (): Promise<number> => (await system.ask({ body })).status;
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopped ??= system.gateway.drain().then(stopWatch);
    return stopped;
  };
  return {
    call,
    loop: async () => {
      for (let served = 0; ; served += 1) {
        if ((await call()) !== 200) return served;
      }
    },
    knows: () => system.gateway.budgets.othersTotals().reduce((sum, { nanos }) => sum + nanos, 0),
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await system[Symbol.asyncDispose]();
    },
  };
};
