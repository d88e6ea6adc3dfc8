import { z } from "zod";
import type { Matcher } from "./matcher.ts";
import { parseMatcher } from "./matcher.ts";
import type { RouteSettings } from "./route-tree.ts";

const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "expected the name of a label");

/** A matcher as text, such as `severity="page"`. */
export const matcherText = z.string().transform((text, context): Matcher => {
  const parsed = parseMatcher(text);
  if (parsed.ok) {
    return parsed.matcher;
  }
  context.addIssue({ code: "custom", message: parsed.message });
  return z.NEVER;
});

const seconds = (least: number) => z.number().min(least).max(31_536_000).optional();

const options = {
  receiver: z.string().min(1).optional().describe("Name of the receiver that is told; the parent's when absent."),
  groupBy: z
    .array(z.union([labelName, z.literal("...")]))
    .optional()
    .describe("Labels whose values make a group, which is told together; `...` stands for all labels."),
  groupWaitSeconds: seconds(0).describe("Seconds that a new group gathers alerts before it is told; 30 at the root."),
  groupIntervalSeconds: seconds(1).describe("Seconds between two looks at a group; 300 at the root."),
  repeatIntervalSeconds: seconds(1).describe(
    "Seconds after which a group in which nothing has changed is told again; 14400 at the root.",
  ),
};

/** A route below the root; what it leaves out it has from its parent. */
const child: z.ZodType<RouteSettings> = z
  .strictObject({
    match: z.record(labelName, z.string()).default({}).describe("Labels that must have these values."),
    matchers: z
      .array(matcherText)
      .prefault([])
      .describe('Conditions on labels, all of which must hold: `a="b"`, `!=`, `=~` or `!~`.'),
    continue: z.boolean().default(false).describe("Whether the routes after it are tried as well when it has matched."),
    ...options,
    get routes() {
      return z.array(child).default([]).describe("Routes below it; the first that matches takes the alert.");
    },
  })
  .transform(({ match, matchers, ...rest }) => ({ ...rest, matchers: [...equalities(match), ...matchers] }));

/** The root of the routing tree, which every alert takes. */
export const rootRoute = z
  .strictObject({
    ...options,
    routes: z.array(child).default([]).describe("Routes below it; the first that matches takes the alert."),
  })
  .transform((root): RouteSettings => ({ ...root, matchers: [], continue: false }));

const equalities = (match: Readonly<Record<string, string>>): readonly Matcher[] =>
  Object.entries(match).map(([name, value]) => ({ name, operator: "=", value }));
