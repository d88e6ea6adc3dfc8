import type { Alert } from "../../core/alert.ts";
import type { Clock } from "../../core/clock.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { Trust } from "../../store/decide-trust.ts";
import type { Store } from "../../store/store.ts";
import type { Rule } from "./rule-schema.ts";
import type { RulesConfig } from "./rules-config.ts";

/** What the rules are run with. */
export interface RulesDeps {
  readonly store: Pick<Store, "ask" | "query" | "saveStates" | "readStates" | "saveEvents">;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly config: RulesConfig;
  readonly rules: readonly Rule[];
  /** Address of the console, which alerts link to. */
  readonly externalUrl: string;
  /** Whether what is stored can be trusted now; while it cannot, alerts ask for no action. */
  readonly trust: () => Pick<Trust, "isTrusted" | "reason">;
  /** Takes all alerts that fire, and those that ended in the last 15 minutes, at every look. */
  readonly deliver: (alerts: readonly Alert[]) => Promise<void>;
}
