import { pause, untilSo } from "../form.ts";
import { GatewayUnderSoak } from "./gateway-under-soak.ts";
import type { Growth, Held } from "./growth.ts";
import { judgeGrowth } from "./growth.ts";
import type { Judgement } from "./judge-calls.ts";
import { judgeCalls } from "./judge-calls.ts";
import { SoakCallers } from "./soak-callers.ts";
import { SpansSeen } from "./spans-seen.ts";

/** How the gateway is soaked. */
export interface SoakGatewayArgs {
  readonly calls: number;
  /** How often it is killed, at random moments of the first two fifths of the calls; then it is left to itself. */
  readonly kills: number;
  readonly callers: number;
  /** Whether data and logs are left for a look. */
  readonly isKept: boolean;
  /** Is told every tenth of the calls, and of the rest how many have been begun. */
  readonly onTenth: (held: Held, activeResources: number | null) => void;
  readonly onCall: (begun: number) => void;
}

/** What came of a soak. */
export interface SoakReport extends Judgement {
  /** Spans of calls, and of attempts. */
  readonly spans: number;
  readonly attempts: number;
  readonly growth: Growth;
  /** Of the calls that were made while nothing was killed. */
  readonly callsPerSecond: number;
}

const settleMs = 60_000;
const killShare = 0.4;
/** Looks at the process for its verdict, over all calls. */
const looks = 100;

/** Makes a mix of calls through a gateway that is killed again and again, and holds every call against its records. */
export const soakGateway = async (args: SoakGatewayArgs): Promise<SoakReport> => {
  const gateway = await GatewayUnderSoak.open(args.calls);
  try {
    await gateway.start();
    const seen = await SpansSeen.open(gateway.dataDir, args.calls);
    try {
      return await soak(gateway, seen, args);
    } finally {
      await seen.close();
    }
  } finally {
    await gateway.remove(args.isKept);
  }
};

const soak = async (gateway: GatewayUnderSoak, seen: SpansSeen, args: SoakGatewayArgs): Promise<SoakReport> => {
  const watch = new Watch(gateway, args);
  const callers = new SoakCallers({ ...args, url: gateway.url, onCall: (begun) => watch.onCall(begun) });
  try {
    await Promise.all([callers.run(), killAgain({ gateway, callers, watch }, args)]);
    await watch.ended();
    const callsPerSecond = watch.callsPerSecond();
    const asked = await gateway.provider.asked();
    const judge = () => judgeCalls({ callers, seen, asked }, args.calls);
    await untilSo(async () => judge().defects.lost === 0, settleMs).catch(() => {});
    await gateway.stop();
    await untilSo(async () => judge().defects.missingOfTold === 0, settleMs / 10).catch(() => {});
    const { spans, attempts } = { spans: seen.count, attempts: seen.attempts };
    return { ...judge(), spans, attempts, growth: judgeGrowth(watch.undisturbed), callsPerSecond };
  } finally {
    await callers.close();
  }
};

interface Parts {
  readonly gateway: GatewayUnderSoak;
  readonly callers: SoakCallers;
  readonly watch: Watch;
}

const killAgain = async ({ gateway, callers, watch }: Parts, { calls, kills }: SoakGatewayArgs): Promise<void> => {
  const moments = Array.from({ length: kills }, () => Math.ceil(Math.random() * calls * killShare));
  for (const moment of moments.sort((a, b) => a - b)) {
    while (callers.begun < moment) {
      await pause(1);
    }
    callers.goesDown();
    await gateway.kill();
    await gateway.start();
    callers.isUpAgain();
  }
  watch.beginsUndisturbed(callers.begun);
};

/** Looks at the gateway's process as the calls go by. */
class Watch {
  readonly #gateway: GatewayUnderSoak;
  readonly #args: SoakGatewayArgs;
  readonly #pending: Promise<void>[] = [];
  readonly #since = { calls: 0, ms: 0 };
  #undisturbed: Held[] = [];
  #begun = 0;

  constructor(gateway: GatewayUnderSoak, args: SoakGatewayArgs) {
    this.#gateway = gateway;
    this.#args = args;
  }

  /** Looks at the process that was started last. */
  get undisturbed(): readonly Held[] {
    return this.#undisturbed;
  }

  onCall(begun: number): void {
    const { calls, onCall } = this.#args;
    this.#begun = begun;
    onCall(begun);
    if (begun % Math.ceil(calls / looks) === 0) {
      this.#undisturbed.push(this.#gateway.look(begun));
    }
    if (begun % Math.ceil(calls / 10) === 0) {
      this.#pending.push(this.#tell(begun));
    }
  }

  beginsUndisturbed(begun: number): void {
    this.#undisturbed = [];
    this.#since.calls = begun;
    this.#since.ms = performance.now();
  }

  callsPerSecond(): number {
    return ((this.#begun - this.#since.calls) * 1_000) / (performance.now() - this.#since.ms);
  }

  async ended(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async #tell(begun: number): Promise<void> {
    const held = this.#gateway.look(begun);
    const active = await this.#gateway.activeResources().catch(() => null);
    this.#args.onTenth(held, active);
  }
}
