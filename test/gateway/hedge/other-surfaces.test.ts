import { describe, expect, test } from "vitest";
import { virtualClock } from "../../support/virtual-clock.ts";
import { startStream, startUpstream } from "../support/mock-upstream.ts";
import { providerFixtures } from "../support/provider-fixtures.ts";
import { surfaceReaders } from "../support/surface-answers.ts";
import { startTestGateway } from "../support/test-gateway.ts";

const kinds = ["openai", "anthropic", "gemini", "bedrock"];
const fixtures = providerFixtures.filter(({ kind }) => kinds.includes(kind));

/** A silent first target, and a second one of another kind whose answer is a text and a tool call. */
describe("a second attempt that answers first, with a tool call", () => {
  test.each(surfaceReaders.flatMap((surface) => fixtures.map((second) => ({ ...surface, second, kind: second.kind }))))(
    "by $kind, is the whole answer for a caller of $path",
    async ({ path, request, streaming, readStream, toolFinish, second }) => {
      const clock = virtualClock();
      const spare = await startUpstream((response) => {
        response.writeHead(200, { "content-type": second.streamType });
        response.end(second.stream);
      });
      await using system = await startTestGateway({
        script: (response) => startStream(response),
        deps: { clock },
        providers: { spare: second.config(`http://127.0.0.1:${spare.port}`) },
        config: {
          routes: {
            main: {
              models: ["up-1"],
              targets: [{ provider: "up" }, { provider: "spare", weight: 0 }],
              fallback: ["spare"],
              hedge: { afterMs: 100, maxShare: 1 },
            },
          },
        },
      });
      const body = { ...request, ...streaming, ...(path === "/v1/responses" ? { store: false } : {}) };
      const response = await clock.advanceUntil(system.ask({ path, body }), 20);
      const read = readStream(response.body.toString());
      expect(read).toMatchObject({ text: "Hello there", tools: [{ name: "weather" }], finish: toolFinish });
      const { ends, attempts } = await system.recorded.ended(0);
      expect(ends).toMatchObject([{ outcome: "ok", attempts: 2, isFallback: true, usage: second.usage }]);
      expect(attempts.map((attempt) => attempt.ends.map(({ errorType }) => errorType))).toEqual([
        ["hedge_lost"],
        [null],
      ]);
      await spare.close();
    },
  );
});
