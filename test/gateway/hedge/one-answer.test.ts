import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { virtualClock } from "../../support/virtual-clock.ts";
import type { MockUpstream } from "../support/mock-upstream.ts";
import { startStream, startUpstream } from "../support/mock-upstream.ts";
import { delta, done } from "../support/openai-bytes.ts";
import { providerAt, startTestGateway } from "../support/test-gateway.ts";
import { role, streaming } from "./hedged-gateway.ts";

type Answer = Parameters<Parameters<MockUpstream["script"]>[0]>[0];

const wholeOf = (word: string): string => role + delta({ content: `${word}é` }) + delta({}, "stop") + done;
const wholes = [wholeOf("first"), wholeOf("second")] as const;

/** Where the two answers are cut, in shares of their length, and in which order their parts come. */
const arrival = fc.record({
  cuts: fc.tuple(
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
  ),
  turns: fc.array(fc.nat(1), { minLength: 12, maxLength: 12 }),
});

const partsOf = (text: string, cuts: readonly number[]): Buffer[] => {
  const bytes = Buffer.from(text);
  const at = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)).toSorted((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
};

interface Source {
  readonly answer: Answer;
  readonly parts: Buffer[];
}

/** Sends the parts of both in the order of the turns, then what is left, and ends both. */
const deliver = async (sources: readonly [Source, Source], turns: readonly number[]): Promise<void> => {
  for (const turn of [...turns, ...turns.map(() => 0), ...turns.map(() => 1)]) {
    const { answer, parts } = sources[turn === 0 ? 0 : 1];
    answer.write(parts.shift() ?? "");
    await setImmediate();
  }
  for (const { answer } of sources) answer.end();
};

/** Answers its calls in the order in which a test takes them up. */
const manual = () => {
  const open: Answer[] = [];
  const waiting: ((answer: Answer) => void)[] = [];
  return {
    script: (answer: Answer): void => {
      startStream(answer);
      const take = waiting.shift();
      if (take === undefined) open.push(answer);
      else take(answer);
    },
    next: (): Promise<Answer> =>
      new Promise((resolve) => {
        const answer = open.shift();
        if (answer === undefined) waiting.push(resolve);
        else resolve(answer);
      }),
  };
};

test("the bytes of one answer alone reach the caller, whole, however the two arrive", async () => {
  const clock = virtualClock();
  const [first, second] = [manual(), manual()];
  const spare = await startUpstream(second.script);
  await using system = await startTestGateway({
    script: first.script,
    providers: { spare: providerAt(spare.port) },
    deps: { clock },
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
  const winners = new Set<string>();
  const law = fc.asyncProperty(arrival, async ({ cuts, turns }) => {
    const index = system.recorded.calls.length;
    const body = system.ask({ body: streaming });
    const sources = [
      { answer: await first.next(), parts: partsOf(wholes[0], cuts[0]) },
      { answer: await clock.advanceUntil(second.next(), 101), parts: partsOf(wholes[1], cuts[1]) },
    ] as const;
    await deliver(sources, turns);
    const text = (await body).body.toString();
    winners.add(text);
    expect(wholes).toContain(text);
    const call = await system.recorded.ended(index);
    expect([call.ends.length, call.attempts.map(({ ends }) => ends.length)]).toEqual([1, [1, 1]]);
    const won = text === wholes[0] ? 0 : 1;
    expect(call.ends[0]).toMatchObject({ outcome: "ok", attempts: 2, isFallback: won === 1 });
    expect(call.attempts.map(({ ends }) => ends[0]?.outcome)).toEqual(
      won === 0 ? ["ok", "interrupted"] : ["interrupted", "ok"],
    );
  });
  await fc.assert(law, { numRuns: 80 });
  expect(winners.size).toBe(2);
  await spare.close();
});
