import type { RoleEvents } from "../../core/events.ts";

/** What a role did in the milliseconds after a time: an event of each kind. */
export const eventsAt = (atMs: number, route = "chat"): RoleEvents => ({
  token: "rules:1",
  alerts: [
    {
      atMs: atMs + 1,
      rule: "TtftHigh",
      fingerprint: "0123456789abcdef",
      labels: { alertname: "TtftHigh", route },
      annotations: { summary: "It's slow: 3 s\n" },
      state: "firing",
      reason: "3.2 s > 3 s for 2 min",
      value: 3.2,
      startsAtMs: atMs,
      action: "reroute",
    },
  ],
  verdicts: [
    {
      atMs: atMs + 2,
      verdictId: "0".repeat(32),
      subject: "target:chat:a",
      sequence: 9,
      action: "reroute",
      route,
      effect: '{"kind":"target"}',
      reason: "slow",
      evidenceId: null,
      expiresAtMs: atMs + 600_000,
      state: "held_back",
      obstacle: "telemetry is stale",
    },
  ],
  canaries: [
    {
      atMs: atMs + 3,
      canaryId: "c1",
      route,
      candidate: "b",
      stage: 1,
      share: 0.05,
      status: "running",
      logEvidence: -0.5,
      logBound: 4.6,
      candidateCalls: 120,
      baselineCalls: 2_280,
      neededCalls: null,
      says: "errors: 3 of 120 against 23 of 2,280",
    },
  ],
  notifications: [
    {
      atMs: atMs + 4,
      receiver: "oncall",
      groupKey: '{}:{alertname="TtftHigh"}',
      idempotencyKey: "k1",
      state: "sent",
      reason: "first",
      firing: 1,
      resolved: 0,
      tries: 2,
    },
  ],
});
