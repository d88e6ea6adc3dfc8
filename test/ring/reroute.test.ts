import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { until } from "./calls.ts";
import type { Ring } from "./ring.ts";
import { createRing } from "./ring.ts";
import { SlowProvider } from "./slow-provider.ts";

const policy = z.object({
  routes: z.array(z.object({ targets: z.array(z.object({ variant: z.string(), share: z.number() })) })),
});

const first = new SlowProvider(15);
const second = new SlowProvider(40);
let ring: Ring;
afterEach(async () => {
  await ring.remove();
  await first.close();
  await second.close();
});

const shareOfSecond = async (): Promise<number> => {
  const { routes } = policy.parse(await (await fetch(`${ring.gatewayUrl}/policy`)).json());
  return routes[0]?.targets.find(({ variant }) => variant === "second")?.share ?? Number.NaN;
};

/** One caller that sends call after call until told to stop. */
const keepCalling = async (signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const response = await fetch(`${ring.gatewayUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "Hello?" }] }),
    });
    await response.text();
  }
};

test("a provider whose time to first token triples loses its share to at most 10% within 60 s, and gets it back", async () => {
  ring = await createRing({
    gateway: `  providers:
    first: { kind: openai, baseUrl: ${await first.listen()} }
    second: { kind: openai, baseUrl: ${await second.listen()} }
  routes:
    main: { models: [m], targets: [{ provider: first, variant: first }, { provider: second, variant: second }] }
`,
    alerts:
      "{ looks: { everySeconds: 1, settleSeconds: 1 }, reroute: { referenceCalls: 100 }, verdicts: { cooldownSeconds: 1 } }",
  });
  await ring.start();
  const stopping = new AbortController();
  const callers = Array.from({ length: 4 }, () => keepCalling(stopping.signal));
  try {
    await until(
      async () => Math.min(first.calls, second.calls),
      (calls) => calls >= 400,
    );
    expect(await shareOfSecond()).toBe(0.5);
    second.delayMs *= 3;
    const slowAtMs = performance.now();
    await until(shareOfSecond, (share) => share <= 0.1);
    expect(performance.now() - slowAtMs).toBeLessThanOrEqual(60_000);
    second.delayMs /= 3;
    await until(shareOfSecond, (share) => share === 0.5);
  } finally {
    stopping.abort();
    await Promise.all(callers);
  }
  expect(await ring.stop()).toBe(0);
}, 240_000);
