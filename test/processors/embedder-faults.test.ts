import { describe, expect, test } from "vitest";
import type { UpstreamScript } from "../gateway/support/mock-upstream.ts";
import { answerJson } from "../gateway/support/mock-upstream.ts";
import { secret, serverSums, setUpEmbedder } from "./embedder-under-test.ts";
import { answerVectors } from "./embeddings-server.ts";

const { server, embedderWith } = setUpEmbedder();

/** Sends a part of an answer and breaks the connection. */
const cut: UpstreamScript = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"data":[', () => response.destroy());
};

const flood: UpstreamScript = async (response) => {
  response.writeHead(200);
  const megabyte = " ".repeat(1_048_576);
  for (let count = 0; count < 64 && !response.destroyed; count += 1) {
    response.write(megabyte);
    await new Promise(setImmediate);
  }
};

const faults: readonly { readonly name: string; readonly script: UpstreamScript; readonly result: string }[] = [
  { name: "answers 429", script: answerJson({ error: "alpha" }, 429), result: "limited" },
  { name: "answers 500", script: answerJson({ error: "alpha" }, 500), result: "server_error" },
  { name: "answers 401", script: answerJson({ error: secret }, 401), result: "refused" },
  { name: "sends elsewhere", script: answerJson({}, 307, { location: "http://127.0.0.1:9/" }), result: "refused" },
  { name: "breaks off its answer", script: cut, result: "cut" },
  { name: "breaks the connection", script: (response) => void response.destroy(), result: "unreachable" },
  { name: "answers with garbage", script: (response) => void response.end("alpha <html>"), result: "malformed" },
  { name: "answers without end", script: flood, result: "too_large" },
  { name: "forgets a vector", script: answerVectors("emb-1", (all) => all.slice(1)), result: "wrong_count" },
  {
    name: "gives all vectors one index",
    script: answerVectors("emb-1", (all) => all.map((entry) => ({ ...entry, index: 0 }))),
    result: "wrong_index",
  },
];

describe("an embeddings endpoint that fails", () => {
  test.each(faults)(
    "because it $name costs its answers their embeddings, is left alone, and comes back",
    async ({ script, result }) => {
      const { embed, results, lines, clock, config } = embedderWith();
      server().script(script);
      expect(await embed()).toEqual([]);
      expect(results()).toEqual({ [result]: 5 });
      server().script(answerVectors());
      expect(await embed()).toEqual([]);
      expect(server().requests).toHaveLength(1);
      clock.advance(1_000);
      expect(await embed()).toEqual(serverSums(config));
      expect(results()).toEqual({ [result]: 5, resting: 5, embedded: 5 });
      expect(lines).toEqual([
        expect.stringMatching(/^the embeddings endpoint fails; answers are stored without its embeddings/),
        expect.stringMatching(/^the embeddings endpoint is back/),
        expect.stringMatching(/^answers are embedded by an endpoint as well/),
      ]);
      expect(lines.filter((line) => line.includes("alpha") || line.includes(secret))).toEqual([]);
    },
  );

  test("for long is tried again after pauses that double to a minute, by one request at a time, and told of once", async () => {
    const { embed, clock, lines, results } = embedderWith({ batchAnswers: 1, parallel: 5 });
    server().script(answerJson({}, 503));
    const triedS: number[] = [];
    for (let second = 0; second < 260; second += 1) {
      const before = server().requests.length;
      await embed();
      if (server().requests.length > before) triedS.push(second);
      // Those that were under way together when it failed first are the only ones beside each other.
      expect(server().requests.length - before).toBeLessThanOrEqual(second === 0 ? 5 : 1);
      clock.advance(1_000);
    }
    expect(triedS.slice(0, 7)).toEqual([0, 1, 3, 7, 15, 31, 63]);
    const pauses = triedS.slice(1).map((at, index) => at - (triedS[index] ?? 0));
    expect(pauses.slice(-2)).toEqual([60, 60]);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect(lines).toHaveLength(1);
    expect((results()["resting"] ?? 0) + (results()["server_error"] ?? 0)).toBe(5 * 260);
  });

  test("for some of the requests beside each other is left alone, and back when one that began later succeeds", async () => {
    const { embed, clock, lines, results } = embedderWith({ batchAnswers: 1, parallel: 5 });
    const answer = answerVectors();
    server().script((response, request) =>
      server().requests.length % 2 === 0 ? answerJson({}, 503)(response, request) : answer(response, request),
    );
    await embed();
    const asked = server().requests.length;
    const { embedded = 0, server_error: failed = 0, resting = 0 } = results();
    expect([embedded + failed, embedded + failed + resting]).toEqual([asked, 5]);
    expect(new Set(lines.map((line) => line.split(" {")[0]))).toEqual(
      new Set([
        "answers are embedded by an endpoint as well",
        "the embeddings endpoint fails; answers are stored without its embeddings",
      ]),
    );
    server().script(answer);
    clock.advance(1_000);
    await embed();
    expect(lines.at(-1)).toMatch(/^the embeddings endpoint is back/);
    expect(lines).toHaveLength(3);
  });

  test("and asks for time gets it, ten minutes at most", async () => {
    const { embed, clock } = embedderWith();
    for (const { seconds, restS } of [
      { seconds: "30", restS: 30 },
      { seconds: "86400", restS: 600 },
    ]) {
      server().script(answerJson({}, 429, { "retry-after": seconds }));
      const before = server().requests.length;
      await embed();
      clock.advance(restS * 1_000 - 1);
      await embed();
      expect(server().requests).toHaveLength(before + 1);
      clock.advance(1);
    }
    await embed();
    expect(server().requests).toHaveLength(3);
  });

  test("by not answering holds the rows up for the time stated, once, and no longer", async () => {
    const { embed, clock, results } = embedderWith({ timeoutMs: 700 });
    server().script(() => {});
    const embedding = embed();
    await server().nextRequest();
    clock.advance(699);
    await new Promise(setImmediate);
    expect(results()).toEqual({});
    clock.advance(1);
    expect(await embedding).toEqual([]);
    expect(await embed()).toEqual([]);
    expect(results()).toEqual({ slow: 5, resting: 5 });
    expect(clock.sleeping()).toBe(0);
  });

  test("by sending half of an answer and no more is given up like one that sends nothing", async () => {
    const { embed, clock, results } = embedderWith({ timeoutMs: 700 });
    const isSent = Promise.withResolvers<void>();
    server().script((response) => {
      response.writeHead(200);
      response.write('{"data":[', () => isSent.resolve());
    });
    const embedding = embed();
    await isSent.promise;
    clock.advance(700);
    expect(await embedding).toEqual([]);
    expect(results()).toEqual({ slow: 5 });
  });

  test("to have all in time embeds those for which there was time, and is not left alone for it", async () => {
    const { embed, clock, results, lines } = embedderWith({ batchAnswers: 1, parallel: 1, timeoutMs: 1_000 });
    const answer = answerVectors();
    server().script((response, request) => {
      clock.advance(300);
      return answer(response, request);
    });
    const embedded = await embed();
    expect(embedded.reduce((sum, { n }) => sum + n, 0)).toBe(2);
    await embed();
    expect(results()).toEqual({ embedded: 4, late: 6 });
    expect(lines.filter((line) => line.includes("fails"))).toEqual([]);
  });
});
