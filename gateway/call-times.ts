/** When a call passed the steps within the gateway. All times are monotonic milliseconds; null before a step is done. */
export class CallTimes {
  /** The head of the request has come. */
  readonly receivedMs: number;
  /** The body has come whole: until then the caller was at work. */
  readMs: number | null = null;
  /** Route, target and format are chosen. */
  plannedMs: number | null = null;
  /** Caps and budgets have let it in. */
  admittedMs: number | null = null;
  /** It goes to the provider. */
  sentMs: number | null = null;
  /** The last that came from the provider. */
  heardMs: number | null = null;
  /** Milliseconds of other work in the turn of the event loop in which it came; 0 when there was none. */
  queuedMs = 0;

  constructor(receivedMs: number) {
    this.receivedMs = receivedMs;
  }

  /** The value of `server-timing` at the time the head of the answer is written; durations are milliseconds. */
  serverTiming(nowMs: number): string {
    const read = this.readMs ?? this.receivedMs;
    const planned = this.plannedMs ?? read;
    const admitted = this.admittedMs ?? planned;
    const upstream = this.sentMs === null ? 0 : (this.heardMs ?? nowMs) - this.sentMs;
    const own = Math.max(0, nowMs - read - upstream);
    return `admit;dur=${text(admitted - planned)}, policy;dur=${text(planned - read)}, upstream;dur=${text(upstream)}, own;dur=${text(own)}`;
  }

  /** Milliseconds by which the gateway has made the call longer, with its wait for the event loop. */
  overheadMs(nowMs: number): number {
    const before = (this.sentMs ?? nowMs) - (this.readMs ?? this.receivedMs);
    const after = this.heardMs === null ? 0 : nowMs - this.heardMs;
    return before + after + this.queuedMs;
  }
}

/** The digits behind the point of each number of thousandths. */
const decimals = Array.from({ length: 1_000 }, (_, thousandths) => String(thousandths / 1_000).slice(1));

/** Microseconds are as fine as the clock is worth. Put together from whole numbers: a fraction takes ten times as long to write. */
const text = (ms: number): string => {
  const micros = Math.max(0, Math.round(ms * 1_000));
  const whole = Math.floor(micros / 1_000);
  return `${whole}${decimals[micros - whole * 1_000] ?? ""}`;
};
