import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { z } from "zod";
import type { DeliveryDeps } from "../../../alerts/delivery/delivery.ts";
import type { OpenedStore } from "../../store/open-engine.ts";
import { makeEngine } from "../../store/open-engine.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { startMs } from "./alerts.ts";
import type { Hook } from "./hook.ts";
import { openHook } from "./hook.ts";
import type { DeliverySetUp } from "./set-up-delivery.ts";
import { setUpDelivery } from "./set-up-delivery.ts";

/** What each test of a file has anew: a store, a hook, a clock, and deliveries that are stopped after it. */
export interface DeliveryTest {
  readonly opened: OpenedStore;
  readonly hook: Hook;
  readonly clock: VirtualClock;
  /** Starts a delivery that tells the hook of each alert by itself, at once, unless the settings say otherwise. */
  readonly start: (more?: object, store?: DeliveryDeps["store"]) => Promise<DeliverySetUp>;
  /** Moves time on until a condition holds, in steps of 100 ms or as given. */
  readonly settled: (isSettled: () => boolean, stepMs?: number) => Promise<void>;
  /** What the hook was told, such as `firing: Slow`. */
  readonly told: () => readonly string[];
  /** The idempotency keys of its requests. */
  readonly keys: () => readonly unknown[];
}

const payload = z.object({
  status: z.string(),
  alerts: z.array(z.object({ labels: z.object({ alertname: z.string() }) })),
});

/** Registers the hooks of a test file; what it returns gives the running test its own. */
export const useDelivery = (): (() => DeliveryTest) => {
  const engine = makeEngine();
  let current: DeliveryTest | null = null;
  let databases = 0;
  let stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    await engine;
  });

  beforeEach(async () => {
    databases += 1;
    const opened = await (await engine).open(`delivery_${databases}`);
    await opened.store.migrate();
    current = testOf({ opened, hook: await openHook(), onStart: (stop) => stops.push(stop) });
  });

  afterEach(async () => {
    for (const stop of stops) await stop();
    stops = [];
    await current?.hook.close();
    await current?.opened.close();
  });

  afterAll(async () => (await engine).remove());

  return () => {
    if (current === null) throw new Error("no test is running");
    return current;
  };
};

const testOf = (args: {
  readonly opened: OpenedStore;
  readonly hook: Hook;
  readonly onStart: (stop: () => Promise<void>) => void;
}): DeliveryTest => {
  const { opened, hook, onStart } = args;
  const clock = virtualClock(startMs);
  return {
    opened,
    hook,
    clock,
    start: async (more = {}, store = opened.store) => {
      const config = {
        receivers: { hook: { kind: "webhook", url: hook.url, secret: "s" } },
        route: { receiver: "hook", groupBy: ["alertname"], groupWaitSeconds: 0, groupIntervalSeconds: 60 },
        ...more,
      };
      const setUp = setUpDelivery(config, { store, clock });
      let stopped: Promise<void> | null = null;
      const stop = (): Promise<void> => {
        stopped ??= setUp.stop();
        return stopped;
      };
      onStart(stop);
      await setUp.delivery.start();
      return { ...setUp, stop };
    },
    settled: (isSettled, stepMs = 100) => clock.advanceUntil(poll(clock, isSettled), stepMs),
    told: () =>
      hook.requests().map(({ body }) => {
        const { status, alerts } = payload.parse(JSON.parse(body));
        return `${status}: ${alerts.map(({ labels }) => labels.alertname).join(" ")}`;
      }),
    keys: () => hook.requests().map(({ headers }) => headers["idempotency-key"]),
  };
};

const poll = async (clock: VirtualClock, isSettled: () => boolean): Promise<void> => {
  while (!isSettled()) await clock.sleep(1);
};
