import { unlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nobody, thisPlace, thisProcess } from "../../../gateway/telemetry/owner.ts";
import type { OwnerFacts } from "../../../gateway/telemetry/signs-of-life.ts";
import { judgeOwner, SignsOfLife } from "../../../gateway/telemetry/signs-of-life.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { deadPid, putOwner } from "./dead-gateway.ts";
import { tempFolder } from "./temp-folder.ts";

const here: OwnerFacts = {
  owner: { pid: 42, startedAt: "boot/1", place: "boot/pid:[1]" },
  place: "boot/pid:[1]",
  isRunning: true,
  silentMs: 0,
  deadAfterMs: 60_000,
};

describe("an owner is", () => {
  it.each([
    { name: "alive while its process runs here", facts: here, isDead: false, reason: "runs" },
    { name: "alive here however silent", facts: { ...here, silentMs: 1e9 }, isDead: false, reason: "runs" },
    {
      name: "dead when its process has ended here",
      facts: { ...here, isRunning: false },
      isDead: true,
      reason: "ended",
    },
    {
      name: "not dead for want of its process, when it is of another boot, machine or container",
      facts: { ...here, place: "boot/pid:[2]", isRunning: false, silentMs: 59_999 },
      isDead: false,
      reason: "shows life",
    },
    {
      name: "dead after long silence elsewhere, though a process here has its number",
      facts: { ...here, place: "other/pid:[1]", silentMs: 60_000 },
      isDead: true,
      reason: "silent",
    },
    {
      name: "watched when it does not say where it is",
      facts: { ...here, owner: { ...here.owner, place: null }, isRunning: false },
      isDead: false,
      reason: "shows life",
    },
    { name: "dead when it never was a process", facts: { ...here, owner: nobody }, isDead: true, reason: "nobody" },
  ])("$name", ({ facts, isDead, reason }) => {
    expect(judgeOwner(facts)).toEqual({ isDead, reason });
  });
});

describe("signs of life", () => {
  const watch = () => {
    const dir = tempFolder();
    const clock = virtualClock();
    const signs = new SignsOfLife({ dir, clock, place: thisPlace(), deadAfterMs: 60_000 });
    return { dir, clock, isDead: () => signs.isDead("g") };
  };

  it("of another place keep a gateway alive as long as they come, whatever time of day they say", () => {
    const { dir, clock, isDead } = watch();
    putOwner(dir, "g", { pid: deadPid(), startedAt: null, place: "elsewhere" });
    const seconds = [1_000, 5_000_000, 2_000, 3_000, 2_999];
    for (const mark of seconds) {
      utimesSync(join(dir, "g.owner"), mark, mark);
      expect(isDead()).toBe(false);
      clock.advance(59_999);
      expect(isDead()).toBe(false);
    }
    clock.advance(1);
    expect(isDead()).toBe(true);
  });

  it("are counted from when they are first looked for, not from when they were given", () => {
    const { dir, clock, isDead } = watch();
    putOwner(dir, "g", { pid: deadPid(), startedAt: null, place: "elsewhere" });
    utimesSync(join(dir, "g.owner"), 1, 1);
    clock.advance(3_600_000);
    expect(isDead()).toBe(false);
    clock.advance(60_000);
    expect(isDead()).toBe(true);
  });

  it("are not asked of a gateway of this place, nor of one that has let go", () => {
    const { dir, clock, isDead } = watch();
    putOwner(dir, "g", { pid: deadPid(), startedAt: null });
    expect(isDead()).toBe(true);
    putOwner(dir, "g", thisProcess());
    clock.advance(3_600_000);
    expect(isDead()).toBe(false);
    unlinkSync(join(dir, "g.owner"));
    expect(isDead()).toBe(true);
  });
});
