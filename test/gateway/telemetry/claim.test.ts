import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claimDead, endClaim } from "../../../gateway/telemetry/claim.ts";
import { isAlive, nobody, thisProcess } from "../../../gateway/telemetry/owner.ts";
import { deadPid, putOwner } from "./dead-gateway.ts";
import { tempFolder } from "./temp-folder.ts";

const dead = { pid: deadPid(), startedAt: null };

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
    expect([isAlive(dead), isAlive(nobody), isAlive({ pid: -1, startedAt: null })]).toEqual([false, false, false]);
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
          const mayTake = !alive.has(holder);
          const claimed = claimDead(dir, by).filter((id) => !id.startsWith("h"));
          expect(claimed).toEqual(mayTake ? ["gone", "orphan"] : []);
          holder = mayTake ? by : holder;
          setDead(dir, dies ? by : null, alive);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("ends without a trace", () => {
    const dir = tempFolder();
    putOwner(dir, "gone", dead);
    putOwner(dir, "me", thisProcess());
    expect(claimDead(dir, "me")).toEqual(["gone"]);
    endClaim(dir, "gone", "me");
    expect(readdirSync(dir)).toEqual(["me.owner"]);
  });
});
