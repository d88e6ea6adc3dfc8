import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { silentMeter } from "../../../core/instruments.ts";
import { silentLog } from "../../../core/log.ts";
import type { KeyLease, LeaseEnd } from "../../../gateway/provider-keys/key-lease.ts";
import { KeyRing } from "../../../gateway/provider-keys/key-ring.ts";
import { keyPauseConfig, providerKeys } from "../../../gateway/provider-keys/key-ring-config.ts";

const pauses = keyPauseConfig.parse({ refusedMs: 1_000, maxMs: 8_000, limitedMs: 500 });
const keysOf = (keys: readonly object[]) =>
  providerKeys.parse(keys.map((key, index) => ({ name: "abc"[index], key: "secret", ...key }))) ?? [];
const ringOf = (...keys: readonly object[]): KeyRing =>
  new KeyRing({
    provider: "p",
    keys: keysOf(keys),
    pauses,
    meter: silentMeter,
    log: silentLog,
  });

const well: LeaseEnd = { sign: "well", isLimited: false, retryAtMs: null, tokens: 0 };
const refused: LeaseEnd = { ...well, sign: "failing" };
const take = (ring: KeyRing, nowMs: number, more: { tokens?: number; u?: number } = {}): KeyLease | null => {
  const grant = ring.take({ tokens: more.tokens ?? 0, nowMs, except: null }, more.u ?? 0.5);
  return grant.ok ? grant.lease : null;
};

const requests = 5;
const tokens = 40;
const ends = fc.record({
  sign: fc.constantFrom("well", "failing", "unknown" as const),
  isLimited: fc.boolean(),
  restMs: fc.option(fc.nat({ max: 9_000 })),
  share: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
});
const moves = fc.array(
  fc.record({
    afterMs: fc.nat({ max: 9_000 }),
    u: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    asks: fc.nat({ max: 60 }),
    end: ends,
    endsNow: fc.boolean(),
    weight: fc.option(fc.integer({ min: 1, max: 9 })),
  }),
  { maxLength: 80 },
);

interface Sent {
  readonly name: string;
  readonly atMs: number;
  readonly lease: KeyLease;
  tokens: number;
  isOver: boolean;
}

/** A reckoning of its own of what a ring has let through. */
class Ledger {
  readonly sent: Sent[] = [];
  readonly #restsUntilMs = new Map<string, number>();

  /** An attempt was let through: it must keep every limit. */
  send(lease: KeyLease, asks: number, atMs: number): void {
    const { name } = lease;
    this.sent.push({ name, atMs, lease, tokens: Math.min(asks, tokens), isOver: false });
    const minute = this.sent.filter((each) => each.name === name && each.atMs > atMs - 60_000);
    expect(minute.length).toBeLessThanOrEqual(requests);
    expect(minute.reduce((sum, each) => sum + each.tokens, 0)).toBeLessThanOrEqual(tokens);
    expect(atMs).toBeGreaterThanOrEqual(this.#restsUntilMs.get(name) ?? 0);
  }

  /** One of the attempts ends. */
  end(sent: Sent, end: LeaseEnd, nowMs: number): void {
    if (sent.isOver) return;
    sent.isOver = true;
    sent.tokens = end.tokens ?? sent.tokens;
    sent.lease.end(end, nowMs);
    if (!end.isLimited) return;
    const untilMs = Math.min(end.retryAtMs ?? nowMs + pauses.limitedMs, nowMs + pauses.maxMs);
    this.#restsUntilMs.set(sent.name, Math.max(untilMs, this.#restsUntilMs.get(sent.name) ?? 0));
  }
}

const leaseEndOf = (
  { sign, isLimited, restMs, share }: typeof ends extends fc.Arbitrary<infer T> ? T : never,
  sent: Sent,
  nowMs: number,
): LeaseEnd => ({
  sign,
  isLimited,
  retryAtMs: restMs === null ? null : nowMs + restMs,
  tokens: share === null ? null : Math.floor(sent.tokens * share),
});

const limits = { requestsPerMinute: requests, tokensPerMinute: tokens };

/** Makes the moves with a ring of two keys, and has the ledger check each; a weight stands for a reload of the keys. */
const replay = (list: typeof moves extends fc.Arbitrary<infer T> ? T : never): void => {
  const ring = ringOf(limits, { ...limits, weight: 3 });
  const ledger = new Ledger();
  let nowMs = 0;
  for (const { afterMs, u, asks, end, endsNow, weight } of list) {
    nowMs += afterMs;
    if (weight !== null) ring.reconfigure(keysOf([limits, { ...limits, weight }]));
    const lease = take(ring, nowMs, { tokens: asks, u });
    if (lease !== null) ledger.send(lease, asks, nowMs);
    const sent = endsNow ? ledger.sent.at(-1) : ledger.sent.find(({ isOver }) => !isOver);
    if (sent !== undefined) ledger.end(sent, leaseEndOf(end, sent, nowMs), nowMs);
  }
};

describe("a ring of keys", () => {
  test("never goes over a key's requests or tokens in any minute, and never takes one that rests, reloaded or not", () => {
    fc.assert(fc.property(moves, replay));
  });

  test("lets a refused key rest, longer each time, and tries it by one attempt at a time", () => {
    const ring = ringOf({});
    take(ring, 0)?.end(refused, 0);
    expect(ring.obstacle({ tokens: 0, nowMs: 0, except: null })).toEqual({ reason: "keys_refused", waitMs: 1_000 });
    expect(take(ring, 999)).toBeNull();
    const tried = take(ring, 1_000);
    expect([tried?.name, take(ring, 1_000)]).toEqual(["a", null]);
    tried?.end(refused, 1_000);
    expect([take(ring, 2_999), take(ring, 3_000)?.name]).toEqual([null, "a"]);
  });

  test("takes a key back that was well when it was tried", () => {
    const ring = ringOf({});
    take(ring, 0)?.end(refused, 0);
    take(ring, 1_000)?.end(well, 1_000);
    expect([take(ring, 1_000)?.name, take(ring, 1_000)?.name]).toEqual(["a", "a"]);
  });

  test("is not taken back for an attempt that began before the key was refused", () => {
    const ring = ringOf({});
    const [old, older] = [take(ring, 0), take(ring, 0)];
    take(ring, 0)?.end(refused, 0);
    const tried = take(ring, 1_000);
    old?.end(well, 1_001);
    older?.end(refused, 1_002);
    expect(take(ring, 1_003)).toBeNull();
    tried?.end(well, 1_004);
    expect(take(ring, 1_004)?.name).toBe("a");
  });

  test("goes by weight among those that have room", () => {
    const ring = ringOf({ weight: 3 }, { requestsPerMinute: 1 });
    expect([0, 0.74, 0.76].map((u) => take(ring, 0, { u })?.name)).toEqual(["a", "a", "b"]);
    expect(take(ring, 0, { u: 0.76 })?.name).toBe("a");
  });

  test("lets an attempt above a key's tokens through where it has the minute for itself", () => {
    const ring = ringOf({ tokensPerMinute: 100 });
    const first = take(ring, 0, { tokens: 5_000 });
    expect([first?.name, take(ring, 0, { tokens: 1 })]).toEqual(["a", null]);
    first?.end({ ...well, tokens: 90 }, 0);
    expect([take(ring, 0, { tokens: 11 }), take(ring, 0, { tokens: 10 })?.name]).toEqual([null, "a"]);
  });

  test("is busy, not refused, where one key may yet have room", () => {
    const ring = ringOf({ requestsPerMinute: 1 }, {});
    take(ring, 0, { u: 0 });
    take(ring, 0)?.end(refused, 0);
    expect(ring.obstacle({ tokens: 0, nowMs: 0, except: null })).toEqual({ reason: "keys_busy", waitMs: 1_000 });
  });

  test("shows no key to whoever prints a lease", () => {
    const lease = take(ringOf({ key: "sk-hidden" }), 0);
    expect([lease?.secret(), JSON.stringify(lease)]).toEqual(["sk-hidden", '{"name":"a"}']);
  });
});
