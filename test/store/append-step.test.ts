import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AppendState, Step } from "../../store/append-step.ts";
import { nextStep } from "../../store/append-step.ts";
import type { Delivery } from "../../store/store.ts";

type Row = Pick<AppendState, "delivery" | "isReplicated"> & {
  /** Rows that each look finds missing, in order. */
  readonly looks: readonly number[];
  readonly steps: readonly string[];
};

const look = "look";
const waitAndLook = "wait, look";

const rows: readonly Row[] = [
  { delivery: "first", isReplicated: false, looks: [], steps: ["insert all 0", "done"] },
  { delivery: "first", isReplicated: true, looks: [], steps: ["insert all 0", "done"] },
  { delivery: "repeated", isReplicated: false, looks: [0], steps: [look, "done"] },
  { delivery: "repeated", isReplicated: false, looks: [5, 0], steps: [look, "insert missing 0", waitAndLook, "done"] },
  {
    delivery: "repeated",
    isReplicated: false,
    looks: [5, 5, 2, 0],
    steps: [
      look,
      "insert missing 0",
      waitAndLook,
      "insert missing 1",
      waitAndLook,
      "insert missing 2",
      waitAndLook,
      "done",
    ],
  },
  { delivery: "repeated", isReplicated: true, looks: [], steps: ["insert all 0", "done"] },
  { delivery: "redriven", isReplicated: false, looks: [0], steps: [waitAndLook, "done"] },
  {
    delivery: "redriven",
    isReplicated: false,
    looks: [1, 0],
    steps: [waitAndLook, "insert missing 0", waitAndLook, "done"],
  },
  { delivery: "redriven", isReplicated: true, looks: [1], steps: [look, "insert missing 0", "done"] },
  { delivery: "redriven", isReplicated: true, looks: [0], steps: [look, "done"] },
];

const nameOf = (step: Step): string => {
  switch (step.kind) {
    case "insert":
      return `insert ${step.rows} ${step.token}`;
    case "look":
      return step.isAfterWaiting ? waitAndLook : look;
    case "done":
    case "failed":
      return step.kind;
  }
};

/** The steps of an append whose looks find so many rows missing; the last number stands for all further looks. */
const stepsOf = ({ looks, ...given }: Omit<Row, "steps">): readonly Step[] => {
  const steps: Step[] = [];
  const found = [...looks];
  let [inserts, missing]: [number, number | null] = [0, null];
  for (;;) {
    const step = nextStep({ ...given, inserts, missing });
    steps.push(step);
    if (step.kind === "done" || step.kind === "failed") {
      return steps;
    }
    missing = step.kind === "look" ? ((found.length > 1 ? found.shift() : found[0]) ?? 0) : null;
    inserts += step.kind === "insert" ? 1 : 0;
  }
};

describe("an append", () => {
  it.each(rows)(
    "$delivery, replicated: $isReplicated, missing $looks, takes the steps $steps",
    ({ steps, ...given }) => {
      expect(stepsOf(given).map(nameOf)).toEqual(steps);
    },
  );

  it("gives up on rows that are accepted and never there, rather than to go on without them", () => {
    expect(nameOf(stepsOf({ delivery: "repeated", isReplicated: false, looks: [3] }).at(-1) ?? never)).toBe("failed");
  });

  it("ends, gives a reason for every step, and uses no token twice", () => {
    const given = fc.record({
      delivery: fc.constantFrom<Delivery>("first", "repeated", "redriven"),
      isReplicated: fc.boolean(),
      looks: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 8 }),
    });
    fc.assert(
      fc.property(given, (each) => {
        const steps = stepsOf(each);
        const tokens = steps.flatMap((step) => (step.kind === "insert" ? [step.token] : []));
        expect(steps.every((step) => step.reason.length > 10)).toBe(true);
        expect(new Set(tokens).size).toBe(tokens.length);
        expect(steps.length).toBeLessThan(12);
      }),
    );
  });
});

const never: Step = { kind: "done", reason: "" };
