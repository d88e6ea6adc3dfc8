import { z } from "zod";
import type { Alert, Labels } from "../../core/alert.ts";
import { alertActions } from "../../core/alert.ts";

const timeMs = z.int().min(0);
const labels = z.record(z.string(), z.string());

/** An alert as it is saved. */
const savedAlert = z.object({
  fingerprint: z.string(),
  labels,
  annotations: labels,
  status: z.enum(["firing", "resolved"]),
  startsAtMs: timeMs,
  endsAtMs: timeMs,
  generatorUrl: z.string(),
  value: z.number().nullable(),
  action: z.enum(alertActions),
}) satisfies z.ZodType<Alert>;

/** Something to tell a receiver: what changed in a group, at the moment it was planned. */
export const notification = z.object({
  /** 32 hex characters: the idempotency key, the same at every try and after every restart. */
  id: z.string(),
  receiver: z.string(),
  groupKey: z.string(),
  groupLabels: labels,
  reason: z.enum(["first", "new_in_group", "resolved", "repeat_due"]),
  /** Those that fire first; every one has the status that is to be told. */
  alerts: z.array(savedAlert).readonly(),
  plannedAtMs: timeMs,
});

/** Something to tell a receiver. */
export type Notification = Readonly<z.infer<typeof notification>>;

/** A group of alerts of one route: what it holds, what was told of it, and what is still to be sent. */
export const group = z.object({
  key: z.string(),
  routeKey: z.string(),
  receiver: z.string(),
  labels,
  createdAtMs: timeMs,
  /** When it is looked at next. */
  nextFlushMs: timeMs,
  /** How often it was told; numbers its notifications. */
  tellings: z.int().min(0),
  hasFlushed: z.boolean(),
  alerts: z.array(savedAlert).readonly(),
  told: z.object({ atMs: timeMs, firing: z.array(z.string()).readonly() }).nullable(),
  /** Notifications that have neither arrived nor been given up, oldest first. */
  outbox: z.array(notification).readonly(),
});

/** A group of alerts of one route. */
export type Group = Readonly<z.infer<typeof group>>;

/** Groups by key. */
export type Groups = ReadonlyMap<string, Group>;

/** Whether an alert fires at a moment: one of which nothing was heard past its end counts as resolved. */
export const isFiring = ({ status, endsAtMs }: Alert, nowMs: number): boolean =>
  status === "firing" && nowMs < endsAtMs;

/** The alerts of all groups, each once. */
export const allAlerts = (groups: Groups): readonly Alert[] => [
  ...new Map([...groups.values()].flatMap(({ alerts }) => alerts.map((alert) => [alert.fingerprint, alert]))).values(),
];

/** Labels in the notation of matchers, in order of name. */
export const labelsText = (values: Labels): string =>
  `{${Object.entries(values)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .sort()
    .join(", ")}}`;
