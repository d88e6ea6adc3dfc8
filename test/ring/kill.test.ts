import { afterEach, describe, expect, test } from "vitest";
import { countsOf, runSql, until } from "./calls.ts";
import type { Ring } from "./ring.ts";
import { createRing } from "./ring.ts";
import { startCaller } from "./start-caller.ts";

let ring: Ring;
afterEach(async () => {
  await ring.remove();
});

const kills = Number(process.env["PLUMBLINE_KILLS"] ?? 6);

const sessions = async (ring: Ring): Promise<readonly string[]> =>
  (await runSql(ring, "SELECT session_id FROM calls ORDER BY session_id")).split("\n");

/** Every call answered in full is stored, none twice, and every table and rollup agrees to the nano-dollar. */
const expectExact = async (ring: Ring, answered: readonly string[]): Promise<void> => {
  const stored = await until(
    () => sessions(ring),
    (names) => {
      const known = new Set(names);
      return answered.every((name) => known.has(name));
    },
  );
  expect(stored).toEqual([...new Set(stored)]);
  // Rollups come to rest a moment after the rows they are made of.
  const counts = await until(
    () => countsOf(ring),
    ({ rows, rollup_calls: rolledUp }) => rolledUp === rows,
  );
  const rows = String(stored.length);
  expect(counts).toMatchObject({ rows, calls: rows, rollup_calls: rows, attempts: rows });
  expect(counts["spans"]).toBe(String(stored.length * 2));
  expect([counts["rollup_tokens"], counts["rollup_nanos"]]).toEqual([counts["tokens"], counts["nanos"]]);
  const answers = await runSql(ring, "SELECT count() FROM calls WHERE outcome = 'ok' AND cost_nanos != 510000");
  expect(answers).toBe("0");
};

describe("kill -9", () => {
  test(`of either process, ${kills} times at random moments, loses no finished call and counts none twice`, async () => {
    ring = await createRing();
    await ring.start();
    const answered: string[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const caller = startCaller(ring, `round-${kill}`);
      await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 700));
      if (kill % 2 === 0) {
        process.kill(ring.gatewayPid, "SIGKILL");
        await until(
          () =>
            fetch(`${ring.gatewayUrl}/readyz`).then(
              ({ ok }) => ok,
              () => false,
            ),
          Boolean,
        );
      } else {
        await ring.kill();
      }
      answered.push(...(await caller.stop()));
      if (kill % 2 === 1) {
        await ring.start();
      }
    }
    expect(answered.length).toBeGreaterThan(kills * 10);
    await expectExact(ring, answered);
  }, 300_000);
});
