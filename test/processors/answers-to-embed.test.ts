import { describe, expect, test } from "vitest";
import type { PickRules } from "../../processors/answers-to-embed.ts";
import { AnswersToEmbed } from "../../processors/answers-to-embed.ts";
import { endpointMeasure } from "../../processors/embedder-measure.ts";
import { callWith } from "./calls.ts";

const all: PickRules = { policies: ["redacted", "full"], share: 1, answerCharacters: 1_000 };
const callOf = (number: number) =>
  callWith({ callId: number.toString(16).padStart(16, "0"), route: `route ${number % 7}` });
const numbers = Array.from({ length: 2_000 }, (_, number) => number);

const gathered = (rules: Partial<PickRules>, policyOf: (number: number) => string | null = () => "redacted") => {
  const answers = new AnswersToEmbed({ ...all, ...rules });
  for (const number of numbers) answers.add(callOf(number), `answer ${number}`, policyOf(number));
  return answers;
};

describe("what is sent to an embeddings endpoint", () => {
  test.each([
    { policy: "redacted", isSent: true },
    { policy: "full", isSent: true },
    { policy: null, isSent: true },
    { policy: "measures", isSent: false },
    { policy: "none", isSent: false },
    { policy: "unheard of", isSent: false },
  ])("by default of a text under the policy $policy: $isSent", ({ policy, isSent }) => {
    const answers = new AnswersToEmbed(all);
    answers.add(callOf(1), "some answer", policy);
    expect([answers.picked.length, answers.leftOut.policy]).toEqual(isSent ? [1, 0] : [0, 1]);
  });

  test("is only what the policies allow, also where that is text that is stored nowhere", () => {
    const answers = gathered({ policies: ["measures"] }, (number) => (number % 2 === 0 ? "measures" : "full"));
    expect([answers.picked.length, answers.leftOut.policy]).toEqual([1_000, 1_000]);
  });

  test("is a share of the calls, the same ones whoever draws, and all of a smaller share in a larger one", () => {
    const idsOf = (share: number) => gathered({ share }).picked.map(({ call }) => call.callId);
    const [small, large] = [idsOf(0.1), idsOf(0.5)];
    expect(idsOf(0.1)).toEqual(small);
    expect(small.length).toBeGreaterThan(140);
    expect(small.length).toBeLessThan(260);
    expect(small.filter((id) => !large.includes(id))).toEqual([]);
    expect(gathered({ share: 0.1 }).leftOut.not_sampled).toBe(numbers.length - small.length);
  });

  test("is the beginning of an answer, without half a character at the cut or blanks before it", () => {
    const answers = new AnswersToEmbed({ ...all, answerCharacters: 4 });
    answers.add(callOf(1), "\n  abc\u{1f600}def", "full");
    expect(answers.picked.map(({ text }) => text)).toEqual(["abc\ufffd"]);
  });

  test("leaves every series at its place, whatever the share and the policies are", () => {
    const placesOf = (rules: Partial<PickRules>) =>
      new Map(gathered(rules).picked.map(({ call, place }) => [call.route, place]));
    const whole = placesOf({});
    expect([...whole.values()]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const [route, place] of placesOf({ share: 0.05 })) expect(whole.get(route)).toBe(place);
  });
});

describe("the measure of an endpoint's embeddings", () => {
  const settings = { baseUrl: "http://h/v1", model: "m-1", dimensions: 8, answerCharacters: 1_000 };
  const other = [
    { settings, model: "m-2" },
    { settings: { ...settings, baseUrl: "http://g/v1" }, model: "m-1" },
    { settings: { ...settings, model: "m-2" }, model: "m-1" },
    { settings: { ...settings, dimensions: 9 }, model: "m-1" },
    { settings: { ...settings, answerCharacters: 999 }, model: "m-1" },
  ];

  test("is another one at another place when the model that answers, or a setting that vectors depend on, is another", () => {
    const measures = [{ settings, model: "m-1" }, ...other].map((one) => endpointMeasure(one.settings, one.model));
    expect(new Set(measures.map(({ measure }) => measure)).size).toBe(6);
    expect(new Set(measures.map(({ firstIndex }) => firstIndex)).size).toBe(6);
    expect(measures[0]?.measure).toMatch(/^answer_embedding:m-1~[0-9a-f]{8}@1$/);
    expect(endpointMeasure(settings, null)).toEqual(endpointMeasure(settings, "m-1"));
  });

  test("has places that the store's column holds, and a name of bounded length whatever the endpoint calls itself", () => {
    for (const name of ["x".repeat(10_000), "a=b\n'\"", "", ...numbers.map(String)]) {
      const { measure, firstIndex } = endpointMeasure(settings, name);
      expect(measure).toMatch(/^answer_embedding:[\w.:/+-]{0,64}~[0-9a-f]{8}@1$/);
      expect(firstIndex).toBeGreaterThanOrEqual(2 ** 31);
      expect(firstIndex + 2 ** 16).toBeLessThanOrEqual(2 ** 32);
    }
  });
});
