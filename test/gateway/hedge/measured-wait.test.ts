import { expect, test } from "vitest";
import { virtualClock } from "../../support/virtual-clock.ts";
import { answerStream, startUpstream } from "../support/mock-upstream.ts";
import { delta, done } from "../support/openai-bytes.ts";
import { providerAt, startTestGateway } from "../support/test-gateway.ts";
import { streaming } from "./hedged-gateway.ts";

test("a target is given as long as it takes in most of its calls, once enough of them are measured", async () => {
  const clock = virtualClock();
  const answer = answerStream([delta({ content: "yes" }, "stop") + done]);
  const spare = await startUpstream(answer);
  let waitMs = 1_000;
  await using system = await startTestGateway({
    script: async (response, request) => {
      await clock.sleep(waitMs);
      await answer(response, request);
    },
    providers: { spare: providerAt(spare.port) },
    deps: { clock },
    config: {
      routes: {
        main: {
          models: ["up-1"],
          targets: [{ provider: "up" }, { provider: "spare", weight: 0 }],
          fallback: ["spare"],
          hedge: { afterQuantile: 0.9, maxShare: 1 },
        },
      },
    },
  });
  const ask = async (call: number) => {
    await clock.advanceUntil(system.ask({ body: streaming }), 100);
    return (await system.recorded.ended(call)).ends[0];
  };
  // Nothing is known of the target: its first slow call waits.
  for (let call = 0; call < 20; call += 1) {
    expect(await ask(call)).toMatchObject({ attempts: 1 });
  }
  waitMs = 60_000;
  const end = await ask(20);
  expect(end).toMatchObject({ outcome: "ok", attempts: 2, isFallback: true });
  const askedAfterMs = Number(/asked after (\d+) ms/.exec(end?.moves?.routeReason ?? "")?.[1]);
  expect(askedAfterMs).toBeGreaterThanOrEqual(1_000);
  expect(end?.ttftMs).toBeLessThan(60_000);
  await spare.close();
});
