import { afterEach, describe, expect, test } from "vitest";
import { needsData } from "../support/needs.ts";
import { askTotals, countsOf, parseLedger, runSql, until, writeRecording } from "./calls.ts";
import type { Ring } from "./ring.ts";
import { createRing } from "./ring.ts";

let ring: Ring;
afterEach(async () => {
  await ring.remove();
});

const chat = (body: object): Promise<Response> =>
  fetch(`${ring.gatewayUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "sim-large", messages: [{ role: "user", content: "Hello" }], ...body }),
  });

describe("the ring", () => {
  test("a call, streamed or whole, becomes a priced row, shows in the console, and survives a restart", async () => {
    ring = await createRing();
    await ring.start();
    expect(await (await chat({})).json()).toMatchObject({ object: "chat.completion", usage: expect.anything() });
    const events = (await (await chat({ stream: true })).text()).trim().split("\n\n");
    expect(events.at(-1)).toBe("data: [DONE]");

    const totals = await until(
      () => askTotals(ring),
      ({ calls }) => calls === 2,
    );
    expect(totals).toMatchObject({ calls: 2, unpriced_calls: 0 });
    expect(totals.cost_nanos).toBeGreaterThan(0);
    const page = await fetch(
      `${ring.consoleUrl}/api/questions/models?from=${Date.now() - 3_600_000}&to=${Date.now() + 1}`,
    );
    expect(await page.json()).toMatchObject({ rows: [expect.objectContaining({ model: "sim-large" })] });

    expect(await ring.stop("SIGINT")).toBe(0);
    expect(await askTotals(ring)).toEqual(totals);
    await ring.start();
    expect(await askTotals(ring)).toEqual(totals);
  }, 180_000);

  test("a replay is stored with the replay's own sums, and a stop right behind it loses nothing", async () => {
    ring = await createRing();
    await ring.start();
    const replayed = await ring.run("replay", writeRecording(ring, 1_000), "--speed", "100", "--json");
    expect(replayed.code).toBe(0);
    const ledger = parseLedger(replayed.out);
    expect(await ring.stop()).toBe(0);

    const totals = await askTotals(ring);
    expect([totals.calls, totals.input_tokens, totals.output_tokens]).toEqual([
      ledger.answered,
      ledger.inputTokens,
      ledger.outputTokens,
    ]);
    expect(totals.unpriced_calls).toBe(0);
    expect(ledger).toMatchObject({ sent: 1_000, answered: 1_000, failed: 0 });
  }, 180_000);

  test("4,000 real recorded calls are stored exactly, with their cost, before and after a restart", async (context) => {
    const file = needsData(context, "llmdrift/prime_full.jsonl.gz");
    ring = await createRing();
    await ring.start();
    const replayed = await ring.run("replay", file, "--speed", "1000", "--json");
    const ledger = parseLedger(replayed.out);
    expect(ledger).toMatchObject({ sent: 4_000, answered: 4_000, failed: 0 });

    const totals = await until(
      () => askTotals(ring),
      ({ calls }) => calls >= 4_000,
    );
    expect(totals).toMatchObject({
      calls: 4_000,
      input_tokens: ledger.inputTokens,
      output_tokens: ledger.outputTokens,
      unpriced_calls: 0,
    });
    const counts = await countsOf(ring);
    expect(counts).toMatchObject({ rows: "4000", calls: "4000", attempts: "4000", spans: "8000" });
    expect(counts["rollup_nanos"]).toBe(String(totals.cost_nanos));
    // $30 and $60 a million tokens for GPT-4, $1.50 and $2 for these GPT-3.5: the sum worked again from the tokens alone.
    const byModel = await runSql(
      ring,
      `SELECT sum(multiIf(startsWith(model_served, 'gpt-4'), input_tokens * 30000 + output_tokens * 60000,
  input_tokens * 1500 + output_tokens * 2000)) FROM calls`,
    );
    expect(byModel).toBe(String(totals.cost_nanos));

    expect(await ring.stop()).toBe(0);
    await ring.start();
    expect(await askTotals(ring)).toEqual(totals);
  }, 240_000);
});
