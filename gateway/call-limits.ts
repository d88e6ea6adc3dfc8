import type { Clock } from "../core/clock.ts";
import type { GatewayConfig } from "./config.ts";

/** The time limits of a call, in milliseconds. */
export type Timeouts = GatewayConfig["timeouts"];

/** What is taken for a limit that follows from measured times: a second is long for a first token. */
const measuredMs = 1_000;

/** How often limits are looked at: a twentieth of the shortest, and between 5 and 250 milliseconds. */
export const tickOf = ({ timeouts, routes }: Pick<GatewayConfig, "timeouts" | "routes">): number => {
  const { headersMs, idleMs, totalMs } = timeouts;
  const ofRoutes = Object.values(routes).flatMap(({ limits, hedge }) => [
    ...[limits.ttftMs, limits.answerMs, limits.stallMs, hedge?.afterMs],
    hedge?.afterQuantile === undefined ? undefined : measuredMs,
  ]);
  const wanted = ofRoutes.filter((limit) => limit !== undefined);
  return Math.min(250, Math.max(5, Math.floor(Math.min(headersMs, idleMs, totalMs, ...wanted) / 20)));
};

/** How long an attempt may keep its caller waiting while another one is possible, in milliseconds; null for no such limit. */
export interface WaitLimits {
  readonly firstContentMs: number | null;
  /** Takes the place of `idleMs`. */
  readonly stallMs: number | null;
}

/** When the present time limit of one call runs out; never after that of the whole call. */
export class CallDeadline {
  readonly #timeouts: Timeouts;
  readonly #clock: Clock;
  #isWaitingForCaller = false;
  #idleMs: number;
  #firstContentAtMs = Number.POSITIVE_INFINITY;
  #alarmAtMs = Number.POSITIVE_INFINITY;
  #onAlarm = (): void => {};
  #endMs: number;
  #atMs: number;

  constructor(args: { readonly timeouts: Timeouts; readonly clock: Clock; readonly startedMs: number }) {
    this.#timeouts = args.timeouts;
    this.#clock = args.clock;
    this.#endMs = args.startedMs + args.timeouts.totalMs;
    this.#idleMs = args.timeouts.idleMs;
    this.#atMs = this.#endMs;
  }

  /** Monotonic time, in milliseconds. */
  get atMs(): number {
    return Math.min(this.#atMs, this.#firstContentAtMs, this.#alarmAtMs);
  }

  /** The silence that is allowed between two parts of the answer, in milliseconds. */
  get idleMs(): number {
    return this.#idleMs;
  }

  /** Whether it is the limit for the first content that has run out. */
  isContentDue(nowMs: number): boolean {
    return this.#firstContentAtMs <= nowMs;
  }

  /** Sets the one time at which something is to be done that is no limit of an attempt, in the place of any before; null for none. */
  setAlarm(atMs: number | null, act: () => void = () => {}): void {
    this.#alarmAtMs = atMs ?? Number.POSITIVE_INFINITY;
    this.#onAlarm = act;
  }

  /** Does what is to be done by now; false when nothing is. */
  ring(nowMs: number): boolean {
    const isDue = this.#alarmAtMs <= nowMs;
    if (isDue) {
      this.#alarmAtMs = Number.POSITIVE_INFINITY;
      this.#onAlarm();
    }
    return isDue;
  }

  /** An attempt begins at `nowMs`: the limits for its first byte and its first content begin. */
  beginAttempt(nowMs: number, { firstContentMs, stallMs }: WaitLimits): void {
    this.#idleMs = stallMs ?? this.#timeouts.idleMs;
    this.#firstContentAtMs = firstContentMs === null ? Number.POSITIVE_INFINITY : nowMs + firstContentMs;
    this.#atMs = Math.min(nowMs + this.#timeouts.headersMs, this.#endMs);
  }

  /** Content has come, or nobody else could be asked for it. */
  dropContentLimit(): void {
    this.#firstContentAtMs = Number.POSITIVE_INFINITY;
  }

  /** Nothing may last beyond `atMs`, whatever comes. */
  endBy(atMs: number): void {
    this.#endMs = Math.min(this.#endMs, atMs);
    this.waitForCaller(false);
  }

  /** No attempt is under way. */
  pause(): void {
    this.#firstContentAtMs = Number.POSITIVE_INFINITY;
    this.#atMs = this.#endMs;
  }

  /** A part of the answer has come: the limit for the next one begins. Returns the monotonic time, in milliseconds. */
  renew(): number {
    const nowMs = this.#clock.monotonicMs();
    this.#atMs = this.#isWaitingForCaller ? this.#endMs : Math.min(nowMs + this.#idleMs, this.#endMs);
    return nowMs;
  }

  /** While the caller does not read, the provider's silence is not its own, and only the limit of the whole call holds. */
  waitForCaller(isWaiting: boolean): void {
    this.#isWaitingForCaller = isWaiting;
    this.renew();
  }
}
