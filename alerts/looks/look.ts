import type { ArmTally } from "../../core/arms.ts";
import type { RoleState } from "../../core/events.ts";
import type { UnitSpan } from "../../store/store.ts";

/** What was stored of the targets of all routes since the look before. */
export interface Look {
  /** End of the look before, and of this one, in milliseconds since the Unix epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly arms: readonly ArmTally[];
  /** What came of the users or sessions that somebody wanted to be counted, by his key and in the order of his spans. */
  readonly units?: ReadonlyMap<string, readonly (readonly ArmTally[])[]>;
}

/** Spans in which somebody wants users or sessions to be counted. */
export interface UnitsWanted {
  readonly key: string;
  readonly spans: readonly UnitSpan[];
}

/** A state that is kept with the look that led to it. */
export type KeptState = Pick<RoleState, "key" | "state">;

/** One who judges targets by looks. A look is taken once, in order, and what is to be remembered of it is kept with it. */
export interface LookTaker {
  /** Begins of the keys that are his. */
  readonly prefix: string;
  /** Takes up what was kept under his keys, before the first look. */
  readonly load: (kept: readonly KeptState[]) => void;
  /** What a look that ends then is to count besides calls; absent means nothing. */
  readonly unitsWanted?: (toMs: number) => readonly UnitsWanted[];
  /** Judges a look and returns what is to be kept; nothing outside of him changes. */
  readonly take: (look: Look) => readonly KeptState[];
  /** Acts on where he stands, once that is kept; after a crash it is called again, and must then finish what it began. */
  readonly act: (look: Look) => Promise<void>;
}
