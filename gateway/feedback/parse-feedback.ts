import { z } from "zod";
import type { Feedback } from "../../core/feedback.ts";
import { callIsMissing, feedbackMembers, namesACall } from "../../core/feedback.ts";
import type { Refusal } from "../refusal.ts";

/** What a request may hold at most. */
const maxFacts = 100;

/** How far the clock of whoever tells may be ahead of the gateway's, in milliseconds. */
const aheadMs = 300_000;

/** The facts of a request, or why it is refused: then none of them is taken. */
export type ParsedFeedback =
  | { readonly ok: true; readonly facts: readonly Feedback[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** What a caller may write: a user says it, and now, unless it says otherwise. */
const writtenFact = z
  .strictObject({
    ...feedbackMembers,
    source: feedbackMembers.source.default("user"),
    at: feedbackMembers.at.optional(),
  })
  .refine(namesACall, { message: callIsMissing });

/** Reads the body of a request: one fact, or an array of them. */
export const parseFeedback = (body: Uint8Array, nowMs: number): ParsedFeedback => {
  const value = jsonOf(body);
  const members: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (members.length === 0 || members.length > maxFacts) {
    return refuse(`Expected 1 to ${maxFacts} facts, and there are ${members.length}.`, null);
  }
  const facts: Feedback[] = [];
  for (const [index, member] of members.entries()) {
    const place = Array.isArray(value) ? `[${index}]` : "";
    const parsed = writtenFact.safeParse(member);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return refuse(issue?.message ?? "no fact", memberOf(place, issue?.path ?? []));
    }
    const { at = nowMs, ...said } = parsed.data;
    if (at > nowMs + aheadMs) {
      return refuse("expected a time that is not ahead of now, in milliseconds since 1970", memberOf(place, ["at"]));
    }
    facts.push({ ...said, at });
  }
  return { ok: true, facts };
};

/** The member that is wrong, as a path; empty where it is all of the only fact. */
const memberOf = (place: string, path: readonly PropertyKey[]): string =>
  [place, ...path.map(String)].filter((part) => part !== "").join(".");

/** Undefined, which is no fact, where the body is no JSON. */
const jsonOf = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
};

const utf8 = new TextDecoder("utf-8", { fatal: true });

const refuse = (message: string, param: string | null): ParsedFeedback => ({
  ok: false,
  refusal: {
    code: "request.malformed",
    message: param === null || param === "" ? message : `${param}: ${message}`,
    param: param === "" ? null : param,
  },
});
