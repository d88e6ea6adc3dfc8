import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { until } from "./calls.ts";
import type { Ring } from "./ring.ts";
import { createRing } from "./ring.ts";
import { SlowProvider } from "./slow-provider.ts";

const policy = z.object({
  routes: z.array(z.object({ targets: z.array(z.object({ variant: z.string(), share: z.number() })) })),
});
const canary = z.object({ id: z.string(), status: z.string(), looks: z.number().optional(), says: z.string() });
const verdicts = z.object({ data: z.array(z.object({ action: z.string(), state: z.string() })) });

const stable = new SlowProvider(8);
const candidate = new SlowProvider(8);
let ring: Ring;
afterEach(async () => {
  await ring.remove();
  await stable.close();
  await candidate.close();
});

const shareOfCandidate = async (): Promise<number> => {
  const { routes } = policy.parse(await (await fetch(`${ring.gatewayUrl}/policy`)).json());
  return routes[0]?.targets.find(({ variant }) => variant === "candidate")?.share ?? Number.NaN;
};

const api = async (path: string, body?: object): Promise<unknown> => {
  const response = await fetch(`${ring.consoleUrl}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return response.json();
};

const found = async (id: string): Promise<z.infer<typeof canary>> => canary.parse(await api(`/api/canaries/${id}`));

/** One caller that sends call after call until told to stop; a gateway or provider that is away costs it nothing. */
const keepCalling = async (signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const sent = fetch(`${ring.gatewayUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "Hello?" }] }),
    });
    await sent.then((response) => response.text()).catch(() => {});
  }
};

const started = async (): Promise<string> =>
  canary.parse(await api("/api/canaries", { route: "main", candidate: "candidate" })).id;

test("a canary that fails three times as often is taken back to nothing, through a kill -9 in the middle, and told once", async () => {
  stable.errorRate = 0.05;
  candidate.errorRate = 0.15;
  ring = await createRing({
    gateway: `  providers:
    stable: { kind: openai, baseUrl: ${await stable.listen()} }
    candidate: { kind: openai, baseUrl: ${await candidate.listen()} }
  routes:
    main:
      models: [m]
      targets:
        - { provider: stable, variant: stable }
        - { provider: candidate, variant: candidate, weight: 0 }
`,
    // A slow machine stores late what was called while the pipeline was away: that is no part of this story.
    store: ", trust: { freshnessSeconds: 60 }",
    alerts:
      "{ looks: { everySeconds: 1, settleSeconds: 1 }, canaries: { plans: { quick: [0.3, 1] }, plan: quick }, reroute: { enabled: false } }",
  });
  await ring.start();
  const stopping = new AbortController();
  const callers = Array.from({ length: 4 }, () => keepCalling(stopping.signal));
  try {
    const id = await started();
    await until(shareOfCandidate, (share) => share === 0.3);
    await until(
      async () => candidate.calls,
      (calls) => calls >= 30,
    );
    await ring.kill();
    await ring.start();
    expect(await found(id)).toMatchObject({ id, status: "running" });
    await until(shareOfCandidate, (share) => share === 0);
    // The gateway hears of it first, and the canary is told so when that is kept.
    const over = await until(
      () => found(id),
      ({ status }) => status !== "running",
    );
    expect(over).toMatchObject({ status: "rolled_back", says: expect.stringContaining("errors") });
  } finally {
    stopping.abort();
    await Promise.all(callers);
  }
  const sql = encodeURIComponent("SELECT action, state FROM verdicts ORDER BY at, sequence FORMAT JSON");
  const rows = verdicts.parse(await (await fetch(`http://127.0.0.1:${ring.ports.sql}/?query=${sql}`)).json()).data;
  expect(rows).toEqual([
    { action: "start", state: "issued" },
    { action: "rollback", state: "issued" },
  ]);
  expect(await ring.stop()).toBe(0);
}, 360_000);
