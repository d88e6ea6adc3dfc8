import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SpoolLimits, SpoolMode } from "../../../gateway/telemetry/spool-mode.ts";
import { decideMode, reasonOf } from "../../../gateway/telemetry/spool-mode.ts";

const shedding: SpoolLimits = {
  budgetBytes: 1_000,
  memoryBytes: 100,
  shedAt: 0.8,
  whenFull: "shed_content_then_refuse",
};
const serving: SpoolLimits = { ...shedding, whenFull: "serve_and_count" };

interface Row {
  readonly limits: SpoolLimits;
  readonly before: SpoolMode;
  readonly waitingBytes: number;
  readonly memoryBytes?: number;
  readonly mode: SpoolMode;
  readonly budget?: "disk" | "memory";
}

const rows: readonly Row[] = [
  { limits: shedding, before: "whole", waitingBytes: 0, mode: "whole" },
  { limits: shedding, before: "whole", waitingBytes: 799, mode: "whole" },
  { limits: shedding, before: "whole", waitingBytes: 800, mode: "without_text" },
  { limits: shedding, before: "without_text", waitingBytes: 721, mode: "without_text" },
  { limits: shedding, before: "without_text", waitingBytes: 719, mode: "whole" },
  { limits: shedding, before: "without_text", waitingBytes: 999, mode: "without_text" },
  { limits: shedding, before: "without_text", waitingBytes: 1_000, mode: "refuse" },
  { limits: shedding, before: "whole", waitingBytes: 5_000, mode: "refuse" },
  { limits: shedding, before: "refuse", waitingBytes: 900, mode: "refuse" },
  { limits: shedding, before: "refuse", waitingBytes: 899, mode: "without_text" },
  { limits: shedding, before: "refuse", waitingBytes: 0, mode: "whole" },
  { limits: shedding, before: "whole", waitingBytes: 80, memoryBytes: 80, mode: "without_text", budget: "memory" },
  { limits: shedding, before: "whole", waitingBytes: 100, memoryBytes: 100, mode: "refuse", budget: "memory" },
  { limits: { ...shedding, shedAt: 1 }, before: "whole", waitingBytes: 999, mode: "whole" },
  { limits: { ...shedding, shedAt: 1 }, before: "whole", waitingBytes: 1_000, mode: "refuse" },
  { limits: serving, before: "whole", waitingBytes: 999, mode: "whole" },
  { limits: serving, before: "whole", waitingBytes: 1_000, mode: "not_kept" },
  { limits: serving, before: "not_kept", waitingBytes: 900, mode: "not_kept" },
  { limits: serving, before: "not_kept", waitingBytes: 899, mode: "whole" },
  { limits: serving, before: "whole", waitingBytes: 100, memoryBytes: 100, mode: "not_kept", budget: "memory" },
];

describe("what is done with calls", () => {
  it.each(rows)("under $limits.whenFull, from $before, at $waitingBytes of 1000 bytes: $mode", (row) => {
    const { limits, before, waitingBytes, memoryBytes = 0, mode, budget = "disk" } = row;
    expect(decideMode(before, { waitingBytes, memoryBytes }, limits)).toMatchObject({ mode, budget });
  });

  it("says why", () => {
    expect(reasonOf({ mode: "refuse", budget: "disk", fill: 1.019 })).toBe(
      "the spool holds 101% of the bytes that may wait for the bus",
    );
    expect(reasonOf({ mode: "refuse", budget: "memory", fill: 1 })).toBe(
      "the spool cannot be written, and 100% of the bytes that may wait in memory are taken",
    );
  });

  it("never lets a record go while there is room, and none is kept or taken beyond the budget", () => {
    const modes = fc.constantFrom<SpoolMode>("whole", "without_text", "refuse", "not_kept");
    const loads = fc.record({ waitingBytes: fc.nat(2_000), memoryBytes: fc.nat(200) });
    fc.assert(
      fc.property(modes, loads, fc.constantFrom(shedding, serving), (before, load, limits) => {
        const { mode, fill } = decideMode(before, load, limits);
        expect(mode === "refuse" || mode === "not_kept").toBe(
          fill >= 1 || (fill >= 0.9 && (before === "refuse" || before === "not_kept")),
        );
        expect(mode).not.toBe(limits.whenFull === "serve_and_count" ? "refuse" : "not_kept");
        expect(decideMode(mode, load, limits).mode).toBe(mode);
      }),
    );
  });
});
