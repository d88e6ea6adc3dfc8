import type { AlertAction, Labels } from "./alert.ts";
import type { VerdictAction } from "./verdict.ts";

/** A change of state of an alert, for those who look back. Times are milliseconds since the Unix epoch. */
export interface AlertEvent {
  readonly atMs: number;
  readonly rule: string;
  /** 16 hex characters: a hash of the labels. */
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: "pending" | "firing" | "resolved" | "dropped";
  /** Why it changed, in words. */
  readonly reason: string;
  /** The value that was compared; null when there was none. */
  readonly value: number | null;
  readonly startsAtMs: number;
  readonly action: AlertAction;
}

/** A verdict, and what became of it on the side that issued it. */
export interface VerdictEvent {
  readonly atMs: number;
  /** 32 hex characters. */
  readonly verdictId: string;
  readonly subject: string;
  readonly sequence: number;
  readonly action: VerdictAction;
  readonly route: string;
  /** What it asks the routing table for, as JSON. */
  readonly effect: string;
  readonly reason: string;
  /** Null when a person decided. */
  readonly evidenceId: string | null;
  readonly expiresAtMs: number;
  /** `held_back` are those that a limit or stale telemetry kept from being issued. */
  readonly state: "issued" | "dry_run" | "held_back";
  /** Why it was held back; empty otherwise. */
  readonly obstacle: string;
}

/** What was concluded of a canary at a look that changed something. */
export interface CanaryEvent {
  readonly atMs: number;
  readonly canaryId: string;
  readonly route: string;
  readonly candidate: string;
  /** From 0. */
  readonly stage: number;
  /** Share of the route's calls that the candidate has, from 0 to 1; 0 also where others shift the traffic. */
  readonly share: number;
  readonly status: "running" | "held" | "promoted" | "rolled_back" | "aborted" | "invalid";
  /** Natural logarithm of the combined evidence of harm, and what makes it a rollback. */
  readonly logEvidence: number;
  readonly logBound: number;
  readonly candidateCalls: number;
  readonly baselineCalls: number;
  /** Calls of the candidate that are still needed; null when that cannot be told. */
  readonly neededCalls: number | null;
  /** In words: the worst metric with its effect and interval, or what is waited for. */
  readonly says: string;
}

/** What became of telling a receiver. */
export interface NotificationEvent {
  readonly atMs: number;
  readonly receiver: string;
  readonly groupKey: string;
  /** The same at every try of one notification. */
  readonly idempotencyKey: string;
  readonly state: "sent" | "failed" | "dropped";
  /** Why it was told, or why it was not. */
  readonly reason: string;
  readonly firing: number;
  readonly resolved: number;
  /** From 1. */
  readonly tries: number;
}

/** Events of one step of a role; saving a token again changes nothing. */
export interface RoleEvents {
  /** Names the step, such as `rules:1234`; the same step must have the same events. */
  readonly token: string;
  readonly alerts?: readonly AlertEvent[];
  readonly verdicts?: readonly VerdictEvent[];
  readonly canaries?: readonly CanaryEvent[];
  readonly notifications?: readonly NotificationEvent[];
}

/** A part of what a role must remember over a restart. */
export interface RoleState {
  readonly key: string;
  /** Of two states with one key the one with the higher sequence holds. */
  readonly sequence: number;
  /** JSON; empty forgets the key. */
  readonly state: string;
}
