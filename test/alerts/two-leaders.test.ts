import { expect, test } from "vitest";
import type { Proposal } from "../../alerts/verdicts/guard-verdict.ts";
import { setUpDesk } from "./desk.ts";

const bench = setUpDesk();

const target = (variant: string, factor: number): Proposal["effect"] => ({
  kind: "target",
  route: "chat",
  variant,
  factor,
});

const reroute = (variant: string, factor: number): Proposal => ({
  ...{ action: "reroute", effect: target(variant, factor), reason: "it is slow", evidenceId: "e1", isAutomatic: true },
});

const restore: Proposal = { ...reroute("a", 1), action: "restore", isAutomatic: false };

test("a verdict is not renewed over what another process has decided since, by one that stood still while it led", async () => {
  const first = bench.open();
  await first.desk.start();
  await first.desk.propose(reroute("a", 0.1));
  const second = bench.open();
  await second.desk.start();
  await second.desk.propose(restore);
  await second.desk.propose(reroute("b", 0.5));
  await second.desk.stop();
  const count = first.published.length;
  const isLate = async (): Promise<void> => {
    while (first.published.length <= count) await new Promise((resolve) => setImmediate(resolve));
  };
  await bench.clock().advanceUntil(isLate(), 1_000);
  await first.desk.stop();
  const late = first.published.slice(count).map(({ effect }) => effect);
  expect(late).toEqual(late.map(() => target("b", 0.5)));
  expect(first.desk.inForce("target:chat:a")).toMatchObject({ effect: target("a", 1) });
});
