import { afterEach } from "vitest";
import type { AlertsApi } from "../../../alerts/api/alerts-api.ts";
import { createAlertsApi } from "../../../alerts/api/alerts-api.ts";
import { apiConfig } from "../../../alerts/api/api-config.ts";
import { createBaselines } from "../../../alerts/baselines/baselines.ts";
import type { Delivery } from "../../../alerts/delivery/delivery.ts";
import { deliveryConfig } from "../../../alerts/delivery/delivery-config.ts";
import { Rollouts } from "../../../alerts/rollouts/rollouts.ts";
import { rolloutsConfig } from "../../../alerts/rollouts/rollouts-config.ts";
import type { RoutePlan } from "../../../alerts/verdicts/route-plan.ts";
import type { VerdictDesk } from "../../../alerts/verdicts/verdict-desk.ts";
import { silentMeter } from "../../../core/instruments.ts";
import { silentLog } from "../../../core/log.ts";
import { seededRandom } from "../../../core/random.ts";
import { startTestConsole } from "../../dashboards/support/start-console.ts";
import { setUpDelivery } from "../delivery/set-up-delivery.ts";
import type { DeskBench } from "../desk.ts";
import type { SimulatedTarget } from "../simulated-arms.ts";
import { simulatedArm } from "../simulated-arms.ts";

/** An API that listens on loopback, before real canaries and a real store. */
export interface ApiUnderTest {
  readonly url: string;
  /** The API itself, for a server of another kind. */
  readonly answer: AlertsApi;
  readonly rollouts: Rollouts;
  readonly desk: VerdictDesk;
  /** Not started: what is accepted waits. */
  readonly delivery: Delivery;
  readonly post: (path: string, body: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  /** Looks of five seconds at both arms, with so many calls of each, until `isOver`; it gives up after many of them. */
  readonly look: (arms: LookedAt, isOver: () => boolean) => Promise<void>;
}

/** A status with the body that came with it. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What looks see. */
export interface LookedAt {
  readonly calls?: number;
  readonly candidate?: Partial<SimulatedTarget>;
}

/** The route of the tests: what is new has no weight of its own. */
const stableAndNew: RoutePlan = {
  name: "chat",
  targets: [
    { variant: "stable", provider: "a", weight: 100, fingerprint: "1" },
    { variant: "new", provider: "a", weight: 0, fingerprint: "1" },
  ],
};

const usual = { medianMs: 500, errorRate: 0.01, refusalRate: 0.02, costNanos: 2_000_000 } as const;
const quick = { plans: { quick: [0.2, 0.5, 1] }, plan: "quick" };
const mostLooks = 600;

/** Opens APIs for the tests of a file, and closes them after each. */
export const useApi = (bench: DeskBench) => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  return async (
    options: { readonly api?: object; readonly canaries?: object; readonly delivery?: object } = {},
  ): Promise<ApiUnderTest> => {
    const { desk } = bench.open({ routes: [stableAndNew] });
    const config = rolloutsConfig.parse({ ...quick, ...options.canaries });
    const { clock, store } = { clock: bench.clock(), store: bench.store().store };
    const next = nextOf("canary");
    const rollouts = new Rollouts({
      ...{ desk, routes: () => [stableAndNew], config, store, clock, ids: { next } },
      keep: async (states) =>
        store.saveStates(
          "looks",
          states.map((state) => ({ ...state, sequence: clock.nowMs() })),
        ),
    });
    const telling = setUpDelivery(options.delivery ?? {}, { store, clock });
    closers.push(telling.stop);
    const baselines = createBaselines({
      ...{ store, clock, ids: { next: nextOf("baseline") }, log: silentLog, leastAnswers: 100 },
    });
    const extra = createAlertsApi({
      ...{ rollouts, desk, canaries: config, clock, meter: silentMeter, config: apiConfig.parse(options.api ?? {}) },
      ...{ delivery: telling.delivery, outside: outsideOf(bench, options.delivery), baselines },
    });
    const server = await startTestConsole(async () => [], { extra });
    closers.push(server.close);
    return {
      ...callerOf(server.url),
      url: server.url,
      answer: extra,
      delivery: telling.delivery,
      rollouts,
      desk,
      look: lookerOf(bench, rollouts),
    };
  };
};

const outsideOf = (bench: DeskBench, config: object = {}) => ({
  store: bench.store().store,
  config: deliveryConfig.parse(config),
  externalUrl: "http://console.example",
  clock: bench.clock(),
  meter: silentMeter,
});

const nextOf = (name: string): (() => string) => {
  let ids = 0;
  return () => {
    ids += 1;
    return `${name}-${ids}`;
  };
};

const callerOf = (url: string): Pick<ApiUnderTest, "post" | "get"> => ({
  post: async (path, body, headers = {}) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return answerOf(
      await fetch(`${url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: text,
      }),
    );
  },
  get: async (path, headers = {}) => answerOf(await fetch(`${url}${path}`, { headers })),
});

const answerOf = async (response: Response): Promise<Answer> => ({
  status: response.status,
  body: await response.json(),
});

const lookerOf = (bench: DeskBench, rollouts: Rollouts): ApiUnderTest["look"] => {
  const random = seededRandom(7);
  return async ({ calls = 200, candidate = {} }, isOver) => {
    for (let looks = 0; !isOver(); looks += 1) {
      if (looks === mostLooks) throw new Error(`nothing came of ${mostLooks} looks`);
      const fromMs = bench.clock().nowMs();
      bench.clock().advance(5_000);
      const arms = [
        simulatedArm({ ...usual, variant: "stable", calls }, random),
        simulatedArm({ ...usual, ...candidate, variant: "new", calls }, random),
      ];
      // Nothing is told of what was begun, so that both arms may get as many calls whatever the share is.
      const look = { fromMs, toMs: bench.clock().nowMs(), arms: arms.map((arm) => ({ ...arm, started: 0 })) };
      rollouts.take(look);
      await rollouts.act(look);
    }
  };
};
