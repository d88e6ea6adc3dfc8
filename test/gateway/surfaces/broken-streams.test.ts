import { describe, expect, test } from "vitest";
import { providerFixtures } from "../support/provider-fixtures.ts";
import { surfaceReaders } from "../support/surface-answers.ts";
import { startTestGateway } from "../support/test-gateway.ts";

const fixtureOf = (kind: string) => {
  const fixture = providerFixtures.find((each) => each.kind === kind);
  if (fixture === undefined) throw new Error(`there is no ${kind}`);
  return fixture;
};

/** Rows in which the answer of another format is written anew for the caller. */
const rows = surfaceReaders.map((surface) => ({
  ...surface,
  provider: fixtureOf(surface.path === "/v1/messages" ? "openai" : "anthropic"),
}));

const holes = [
  { hole: "is no JSON", bytes: "data: {{\n\n" },
  { hole: "is too large to be read", bytes: `data: {"x":"${"y".repeat(1_100_000)}"}\n\n` },
];

describe("a translated stream with an event in its middle that cannot be read", () => {
  test.each(rows.flatMap((row) => holes.map((hole) => ({ ...row, ...hole }))))(
    "ends with an error, as its record does: one that $hole, for a caller of $path",
    async ({ path, request, streaming, provider, bytes }) => {
      const at = provider.stream.indexOf("\n\n", provider.stream.indexOf("Hello")) + 2;
      await using system = await startTestGateway({
        providerAt: provider.config,
        script: (response) => {
          response.writeHead(200, { "content-type": provider.streamType });
          response.end(
            Buffer.concat([provider.stream.subarray(0, at), Buffer.from(bytes), provider.stream.subarray(at)]),
          );
        },
      });
      const { status, body, isComplete } = await system.ask({ path, body: { ...request, ...streaming } });
      const text = body.toString();
      expect([status, isComplete, text.includes("Hello"), text.includes("error")]).toEqual([200, true, true, true]);
      expect(text).not.toMatch(/\[DONE\]|message_stop|response\.completed/);
      expect((await system.recorded.ended(0)).ends).toMatchObject([
        { outcome: "provider_error", errorType: "malformed_chunk" },
      ]);
    },
  );
});
