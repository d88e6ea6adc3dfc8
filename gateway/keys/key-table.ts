import type { Demand } from "../constraints/demand.ts";
import { demandOf } from "../constraints/demand.ts";
import type { KeyConfig } from "./key-config.ts";

/** A virtual key, ready to be used; null stands for no bound. */
export interface VirtualKey {
  readonly id: string;
  /** The 32 bytes of its SHA-256. */
  readonly digest: Buffer;
  readonly organisation: string | null;
  readonly team: string | null;
  readonly tenant: string | null;
  readonly user: string | null;
  readonly models: ReadonlySet<string> | null;
  readonly routes: ReadonlySet<string> | null;
  /** What it demands of the targets of its calls; empty where it demands nothing. */
  readonly demands: readonly Demand[];
  /** Milliseconds since the Unix epoch. */
  readonly expiresAtMs: number | null;
  readonly isDisabled: boolean;
  readonly maxInputTokens: number | null;
  readonly maxOutputTokens: number | null;
}

/** The keys of a configuration by their SHA-256 in hex; an empty table lets everybody in. */
export type KeyTable = ReadonlyMap<string, VirtualKey>;

/** Makes the table of a configuration's keys. */
export const compileKeys = (keys: readonly KeyConfig[]): KeyTable =>
  new Map(keys.map((key) => [key.sha256, compileKey(key)]));

const compileKey = (key: KeyConfig): VirtualKey => ({
  id: key.id,
  digest: Buffer.from(key.sha256, "hex"),
  organisation: key.organisation ?? null,
  team: key.team ?? null,
  tenant: key.tenant ?? null,
  user: key.user ?? null,
  models: key.models === undefined ? null : new Set(key.models),
  routes: key.routes === undefined ? null : new Set(key.routes),
  demands: demandOf("key", key),
  expiresAtMs: key.expiresAt === undefined ? null : Date.parse(key.expiresAt),
  isDisabled: key.isDisabled,
  maxInputTokens: key.maxInputTokens ?? null,
  maxOutputTokens: key.maxOutputTokens ?? null,
});
