import { expect, test } from "vitest";
import type { Meter } from "../../core/instruments.ts";
import { silentMeter } from "../../core/instruments.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { startStream } from "./support/mock-upstream.ts";
import { onlyEnd } from "./support/only-end.ts";
import { countedUsage, delta, done, usageChunk } from "./support/openai-bytes.ts";
import type { TestGateway } from "./support/test-gateway.ts";
import { hello, startTestGateway } from "./support/test-gateway.ts";

const streaming = { ...hello, stream: true } as const;

interface Scene extends AsyncDisposable {
  readonly system: TestGateway;
  readonly clock: VirtualClock;
  /** Lets the provider go on. */
  readonly goOn: (text: string) => void;
  /** Resolves when the provider's connection is closed before its answer was whole. */
  readonly cut: Promise<void>;
}

/** A provider that bills an answer whether or not somebody reads it, and whose caller has gone away in the midst of one. */
const abandoned = async (abortDrain: object): Promise<Scene> => {
  const clock = virtualClock();
  const cut = Promise.withResolvers<void>();
  let write = (_text: string): void => {};
  const drains = Promise.withResolvers<void>();
  const set: Meter["set"] = (name, value) => void (name === "gatewayDrains" && value === 1 && drains.resolve());
  const system = await startTestGateway({
    deps: { clock, meter: { ...silentMeter, set } },
    provider: { abortStopsBilling: false },
    config: { abortDrain },
    script: (response) => {
      startStream(response);
      write = (text) => void response.write(text);
      response.on("close", () => cut.resolve());
      write(delta({ content: "12345678" }));
    },
  });
  const response = await system.open({ body: streaming });
  await response.until("12345678");
  response.hangUp();
  await Promise.race([drains.promise, cut.promise]);
  const goOn = (text: string): void => write(text);
  return { system, clock, goOn, cut: cut.promise, [Symbol.asyncDispose]: () => system[Symbol.asyncDispose]() };
};

const rest = delta({}, "stop") + usageChunk(countedUsage.sent) + done;

test("an answer that is billed all the same is read on after its caller has gone away, and its cost is known", async () => {
  await using scene = await abandoned({});
  expect(scene.system.recorded.calls[0]?.ends).toHaveLength(0);
  scene.goOn(rest);
  const end = await onlyEnd(scene.system);
  expect(end).toMatchObject({ outcome: "client_abort", usage: countedUsage.recorded, attempts: 1 });
  await scene.cut;
});

test("such an answer is cut off after its time, and what it used is estimated", async () => {
  await using scene = await abandoned({ ms: 1_000 });
  await scene.clock.advanceUntil(scene.cut, 100);
  expect(await onlyEnd(scene.system)).toMatchObject({ outcome: "client_abort", usage: { source: "estimated" } });
});

test("such an answer is cut off when more of it comes than is to be read", async () => {
  await using scene = await abandoned({ bytes: 1_000 });
  scene.goOn(delta({ content: "x".repeat(1_000) }));
  await scene.cut;
  expect(await onlyEnd(scene.system)).toMatchObject({ outcome: "client_abort", usage: { source: "estimated" } });
});

test("such an answer is cut off at once where no place is left to read it", async () => {
  await using scene = await abandoned({ calls: 0 });
  await scene.cut;
  expect(await onlyEnd(scene.system)).toMatchObject({ outcome: "client_abort", usage: { source: "estimated" } });
});

test("such an answer has its record when the gateway stops", async () => {
  await using scene = await abandoned({});
  await scene.clock.advanceUntil(scene.system.gateway.drain(), 10);
  expect(await onlyEnd(scene.system)).toMatchObject({ outcome: "client_abort" });
});
