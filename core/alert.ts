/** Labels or annotations, by name. Labels identify an alert: a value that changes from look to look must never be one. */
export type Labels = Readonly<Record<string, string>>;

/** What an alert may ask for besides being told. */
export const alertActions = ["notify", "reroute", "eject", "hold", "rollback", "degrade"] as const;

/** What an alert may ask for besides being told. */
export type AlertAction = (typeof alertActions)[number];

/** An alert as it is told to people, hooks and those who act on it. */
export interface Alert {
  /** 16 hex characters: a hash of the labels, which are its identity. */
  readonly fingerprint: string;
  /** Always with `alertname`; mostly with `severity`, and `route`, `variant`, `provider` or `model` where it is about one. */
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly status: "firing" | "resolved";
  /** When it began to fire, in milliseconds since the Unix epoch. */
  readonly startsAtMs: number;
  /** When it was resolved; while it fires, until when that is to be believed without hearing of it again. */
  readonly endsAtMs: number;
  /** Where a person can look at what it is about. */
  readonly generatorUrl: string;
  /** The value that was compared last; null when there was none. */
  readonly value: number | null;
  readonly action: AlertAction;
}
