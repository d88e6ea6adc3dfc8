import { z } from "zod";
import type { Groups, Notification } from "./group.ts";
import { notification } from "./group.ts";
import type { Outcome } from "./receiver-queue.ts";
import { takeBack, withoutNotification } from "./settle.ts";
import type { Silences } from "./silences.ts";

/** A notification that was not sent and is not tried by itself any more. */
export const deadLetter = z.object({
  notification,
  /** When it was given up, in milliseconds since the Unix epoch. */
  atMs: z.int().min(0),
  reason: z.enum(["gave_up", "refused", "queue_full", "receiver_gone"]),
  /** What the receiver answered last, in words. */
  says: z.string(),
  tries: z.int().min(0),
});

/** A notification that was not sent and is not tried by itself any more. */
export type DeadLetter = Readonly<z.infer<typeof deadLetter>>;

/** Everything that delivery remembers over a restart; dead letters by the id of their notification, oldest first. */
export interface Memory {
  readonly groups: Groups;
  readonly silences: Silences;
  readonly letters: ReadonlyMap<string, DeadLetter>;
}

/** Nothing. */
export const emptyMemory: Memory = { groups: new Map(), silences: new Map(), letters: new Map() };

/**
 * What is remembered after a notification is done with. One that was refused is not told again before its repeat is due; what
 * else could not be sent counts as not told, so that it is told as soon as it can be.
 */
export const afterOutcome = (
  memory: Memory,
  given: Notification,
  { outcome, nowMs }: { readonly outcome: Outcome; readonly nowMs: number },
): Memory => {
  const group = memory.groups.get(given.groupKey);
  const isTakenBack = outcome.state === "failed" && outcome.reason !== "refused" && outcome.reason !== "receiver_gone";
  const settled =
    group === undefined ? undefined : isTakenBack ? takeBack(group, given) : withoutNotification(group, given.id);
  const groups = new Map(memory.groups);
  if (settled !== undefined) {
    groups.set(settled.key, settled);
  }
  if (settled?.alerts.length === 0 && settled.outbox.length === 0) {
    groups.delete(settled.key);
  }
  if (outcome.state === "sent") {
    return { ...memory, groups };
  }
  const { reason, says, tries } = outcome;
  const letters = new Map([...memory.letters, [given.id, { notification: given, atMs: nowMs, reason, says, tries }]]);
  return { ...memory, groups, letters };
};

/** What is remembered when a dead letter is to be sent again, under its own id; null when there is no such letter. */
export const afterRevival = (
  memory: Memory,
  id: string,
  nowMs: number,
): { readonly memory: Memory; readonly notification: Notification } | null => {
  const letter = memory.letters.get(id);
  if (letter === undefined) {
    return null;
  }
  const revived: Notification = { ...letter.notification, plannedAtMs: nowMs };
  const { groupKey, receiver, groupLabels } = revived;
  const group = memory.groups.get(groupKey) ?? {
    key: groupKey,
    // No route has this key: the group lasts until the letter is done with.
    routeKey: "",
    receiver,
    labels: groupLabels,
    createdAtMs: nowMs,
    nextFlushMs: nowMs,
    tellings: 0,
    hasFlushed: true,
    alerts: [],
    told: null,
    outbox: [],
  };
  const letters = new Map([...memory.letters].filter(([key]) => key !== id));
  const groups = new Map([...memory.groups, [groupKey, { ...group, outbox: [...group.outbox, revived] }]]);
  return { memory: { ...memory, groups, letters }, notification: revived };
};

/** The newest dead letters up to a limit, and how many had to go. */
export const limitLetters = (memory: Memory, limit: number): { readonly memory: Memory; readonly dropped: number } => {
  const dropped = Math.max(0, memory.letters.size - limit);
  return dropped === 0
    ? { memory, dropped }
    : { memory: { ...memory, letters: new Map([...memory.letters].slice(dropped)) }, dropped };
};
