import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../../core/clock.ts";
import { claimDead, endClaim } from "../../../gateway/telemetry/claim.ts";
import { isAlive, nobody, thisPlace, thisProcess } from "../../../gateway/telemetry/owner.ts";
import { SignsOfLife } from "../../../gateway/telemetry/signs-of-life.ts";
import { deadPid, putOwner } from "./dead-gateway.ts";
import { tempFolder } from "./temp-folder.ts";

const dead = { pid: deadPid(), startedAt: null, place: thisPlace() };

const claimAs = (dir: string, holder: string, max = 10): readonly string[] => {
  const signs = new SignsOfLife({ dir, clock: systemClock, place: thisPlace(), deadAfterMs: 60_000 });
  return claimDead({ dir, holder, max, isDead: (id) => signs.isDead(id) });
};

const setDead = (dir: string, gatewayId: string | null, alive: Set<string>): void => {
  if (gatewayId !== null) {
    putOwner(dir, gatewayId, dead);
    alive.delete(gatewayId);
  }
};

describe("an owner", () => {
  it("is alive while its process runs, by id and by start", () => {
    const self = thisProcess();
    expect(isAlive(self)).toBe(true);
    expect(isAlive({ ...self, startedAt: null })).toBe(true);
    expect(isAlive({ ...self, startedAt: `${self.startedAt}1` })).toBe(self.startedAt === null);
    expect([isAlive(dead), isAlive(nobody), isAlive({ ...nobody, pid: -1 })]).toEqual([false, false, false]);
  });
});

describe("a claim", () => {
  it("goes to one of several holders, from a dead holder to the next, and never from a living one", () => {
    const steps = fc.array(fc.record({ by: fc.constantFrom("h1", "h2", "h3"), dies: fc.boolean() }), { maxLength: 8 });
    fc.assert(
      fc.property(steps, (sequence) => {
        const dir = tempFolder();
        putOwner(dir, "gone", dead);
        writeFileSync(join(dir, "gone-1.spool"), "");
        writeFileSync(join(dir, "orphan-1.spool"), "");
        const alive = new Set<string>();
        let holder = "";
        for (const { by, dies } of sequence) {
          alive.add(by);
          putOwner(dir, by, thisProcess());
          const others = new Set(alive);
          others.delete(by);
          const mayTake = !others.has(holder);
          const claimed = claimAs(dir, by).filter((id) => !id.startsWith("h"));
          expect(claimed).toEqual(mayTake ? ["gone", "orphan"] : []);
          holder = mayTake ? by : holder;
          setDead(dir, dies ? by : null, alive);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("takes no more at once than it is told, and keeps what it has", () => {
    const dir = tempFolder();
    putOwner(dir, "me", thisProcess());
    for (const id of ["a", "b", "c"]) {
      putOwner(dir, id, dead);
    }
    expect(claimAs(dir, "me", 2)).toEqual(["a", "b"]);
    expect(claimAs(dir, "me", 2)).toEqual(["a", "b"]);
    endClaim(dir, "a", "me");
    expect(claimAs(dir, "me", 2)).toEqual(["b", "c"]);
  });

  it("ends without a trace", () => {
    const dir = tempFolder();
    putOwner(dir, "gone", dead);
    putOwner(dir, "me", thisProcess());
    expect(claimAs(dir, "me")).toEqual(["gone"]);
    endClaim(dir, "gone", "me");
    expect(readdirSync(dir)).toEqual(["me.owner"]);
  });
});
