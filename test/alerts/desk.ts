import { afterAll, beforeAll, beforeEach } from "vitest";
import type { RoutePlan } from "../../alerts/verdicts/route-plan.ts";
import { VerdictDesk } from "../../alerts/verdicts/verdict-desk.ts";
import { verdictsConfig } from "../../alerts/verdicts/verdicts-config.ts";
import { silentMeter } from "../../core/instruments.ts";
import type { Verdict } from "../../core/verdict.ts";
import { keptLog } from "../processors/set-up-line.ts";
import type { Engine, OpenedStore } from "../store/open-engine.ts";
import { makeEngine } from "../store/open-engine.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";
import { virtualClock } from "../support/virtual-clock.ts";

/** 2026-11-20T00:00:00Z: retention of the engine's own clock drops nothing of it. */
const startMs = Date.UTC(2026, 10, 20);

/** A desk under test, with what it published. */
export interface DeskUnderTest {
  readonly desk: VerdictDesk;
  readonly published: Verdict[];
  readonly lines: readonly string[];
  /** Says why telemetry cannot be relied on; null that it can. */
  readonly distrust: (reason: string | null) => void;
  /** Makes the bus refuse what is published until told otherwise. */
  readonly breakBus: (isBroken: boolean) => void;
}

/** What a test of a desk works with. */
export interface DeskBench {
  readonly store: () => OpenedStore;
  readonly clock: () => VirtualClock;
  readonly open: (options?: { readonly routes?: readonly RoutePlan[]; readonly config?: object }) => DeskUnderTest;
}

/** The route of most tests. */
export const halfAndHalf: RoutePlan = {
  name: "chat",
  targets: [
    { variant: "a", provider: "a", weight: 50, fingerprint: "1" },
    { variant: "b", provider: "b", weight: 50, fingerprint: "1" },
  ],
};

/** Opens a fresh store for each test of a file, and desks on it. */
export const setUpDesk = (): DeskBench => {
  let engine: Engine;
  let opened: OpenedStore;
  let clock: VirtualClock;
  let databases = 0;
  beforeAll(async () => {
    engine = await makeEngine();
  });
  beforeEach(async () => {
    databases += 1;
    opened = await engine.open(`desk_${databases}`);
    await opened.store.migrate();
    clock = virtualClock(startMs);
  });
  afterAll(async () => {
    await opened.close();
    await engine.remove();
  });
  return {
    store: () => opened,
    clock: () => clock,
    open: ({ routes = [halfAndHalf], config = {} } = {}) => {
      const published: Verdict[] = [];
      let reason: string | null = null;
      let isBroken = false;
      let ids = 0;
      const { log, lines } = keptLog();
      const desk = new VerdictDesk({
        publish: async (verdict) => {
          if (isBroken) throw new Error("the bus is down");
          published.push(verdict);
        },
        store: opened.store,
        distrust: () => reason,
        routes: () => routes,
        config: verdictsConfig.parse(config),
        clock,
        ids: {
          next: () => {
            ids += 1;
            return `${clock.nowMs().toString(16).padStart(16, "0")}${ids.toString(16).padStart(16, "0")}`;
          },
        },
        log,
        meter: silentMeter,
      });
      return {
        desk,
        published,
        lines,
        distrust: (why) => {
          reason = why;
        },
        breakBus: (broken) => {
          isBroken = broken;
        },
      };
    },
  };
};
