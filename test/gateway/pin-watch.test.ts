import { expect, test } from "vitest";
import { silentLog } from "../../core/log.ts";
import { answerJson } from "./support/mock-upstream.ts";
import { completion } from "./support/openai-bytes.ts";
import { hello, startTestGateway } from "./support/test-gateway.ts";

const pinnedTo = (pin: string) => ({
  routes: { main: { models: ["up-1"], targets: [{ provider: "up", pin }] } },
});

/** A gateway whose upstream names the models given, one a call; it keeps what was said and counted of pins. */
const watched = async (pin: string, models: readonly string[]) => {
  const [said, counted]: [unknown[], unknown[]] = [[], []];
  const left = [...models];
  const add = (instrument: string, value: number, labels: unknown): void => {
    if (instrument === "gatewayPinMismatch") counted.push([value, labels]);
  };
  await using system = await startTestGateway({
    script: (response, request) => answerJson({ ...completion("ok"), model: left.shift() })(response, request),
    config: pinnedTo(pin),
    deps: {
      meter: { add, set: () => {}, observe: () => {} },
      log: {
        ...silentLog,
        warn: (fields, message) => said.push([message, fields["served"]]),
        info: (_, message) => said.push([message]),
      },
    },
  });
  for (const _ of models) await system.ask({ body: hello });
  return { said, counted, starts: system.recorded.calls.map(({ start }) => start.modelPinned) };
};

test("another model than the pinned one is told with its first answer, when it changes, and when the pinned one is back", async () => {
  const { said, counted, starts } = await watched("m-1", ["m-1", "m-2", "m-2", "m-3", "m-1", "m-1"]);
  expect(said).toEqual([
    ["another model is served than the pinned one", "m-2"],
    ["another model is served than the pinned one", "m-3"],
    ["the pinned model is served again"],
  ]);
  expect(counted).toEqual(Array.from({ length: 3 }, () => [1, { route: "main", variant: "up" }]));
  expect(new Set(starts)).toEqual(new Set(["m-1"]));
});

test("a target without a pin, and an answer without a model, tell nothing", async () => {
  await using system = await startTestGateway({ script: answerJson(completion("ok")) });
  await system.ask({ body: hello });
  expect(system.recorded.calls.map(({ start }) => start.modelPinned)).toEqual([null]);
  expect(await watched("m-1", [""])).toMatchObject({ said: [], counted: [] });
});
