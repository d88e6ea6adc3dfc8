import { describe, expect, test } from "vitest";
import { SeriesSlots } from "../../processors/series-slots.ts";

const minuteMs = 60_000;

const measured = (minute: number, prompt: string, fields: { readonly n?: number; readonly tenant?: string } = {}) => ({
  ...{ tenant: "acme", route: "chat", variant: "openai", model: "gpt-4", measure: "answer_tokens@1", n: 1 },
  ...{ prompt, minuteMs: minute * minuteMs, sum: 1, bins: new Map([[0, 1]]), ...fields },
});

const promptsOf = (slots: SeriesSlots, minute: number, prompts: readonly string[]): readonly string[] =>
  slots.place(prompts.map((prompt) => measured(minute, prompt))).measured.map(({ prompt }) => prompt);

const eight = ["1", "2", "3", "4", "5", "6", "7", "8"];
const dayOfMinutes = 1_440;

describe("the places of series", () => {
  test("are for 8 prompts of a model, the most used first, and for probes; the others are together", () => {
    const slots = new SeriesSlots(10);
    const minutes = [...eight.map((prompt) => measured(0, prompt)), measured(0, "9", { n: 2 }), measured(0, "probe")];
    const { measured: placed, isPooled } = slots.place(minutes);
    expect(placed.map(({ prompt }) => prompt).sort()).toEqual([
      "1",
      "2",
      "3",
      "4",
      "5",
      "6",
      "7",
      "9",
      "other",
      "probe",
    ]);
    expect(isPooled).toBe(true);
  });

  test("stay with those that use them, and go to another after a day without", () => {
    const slots = new SeriesSlots(10);
    expect(promptsOf(slots, 0, eight)).toEqual(eight);
    expect(promptsOf(slots, 1, ["9", "1"])).toEqual(["other", "1"]);
    expect(promptsOf(slots, dayOfMinutes, ["9"])).toEqual(["9"]);
    expect(promptsOf(slots, dayOfMinutes + 1, ["2", "1"])).toEqual(["2", "1"]);
  });

  test("are the same for who goes on from what is stored", () => {
    const [first, second] = [new SeriesSlots(10), new SeriesSlots(10)];
    for (const one of first.place(eight.map((prompt) => measured(0, prompt))).measured) second.keep(one, one.minuteMs);
    expect(promptsOf(second, 1, ["9", "3"])).toEqual(promptsOf(first, 1, ["9", "3"]));
  });

  test("are for so many models, whatever number of tenants there is", () => {
    const slots = new SeriesSlots(3);
    const tenants = Array.from({ length: 1_000 }, (_, index) => measured(0, "", { n: 20, tenant: `t${index}` }));
    const { measured: placed, isPooled } = slots.place(tenants);
    expect(new Set(placed.map(({ tenant, model }) => `${tenant} ${model}`))).toEqual(
      new Set(["t0 gpt-4", "t1 gpt-4", "t2 gpt-4", "other gpt-4"]),
    );
    expect(placed.reduce((total, { n }) => total + n, 0)).toBe(20_000);
    expect(isPooled).toBe(true);
  });

  test("are kept by half for those with 20 answers in a minute, where there are more models than places", () => {
    const slots = new SeriesSlots(4);
    const tenants = (count: number, n: number, name: string) =>
      Array.from({ length: count }, (_, index) => measured(0, "", { n, tenant: `${name}${index}` }));
    const ownOf = (placed: readonly { readonly tenant: string }[]): readonly string[] =>
      [...new Set(placed.map(({ tenant }) => tenant))].sort();
    expect(ownOf(slots.place(tenants(100, 19, "small")).measured)).toEqual(["other", "small0", "small1"]);
    expect(ownOf(slots.place(tenants(3, 20, "large")).measured)).toEqual(["large0", "other"]);
    const roomy = new SeriesSlots(4);
    expect(ownOf(roomy.place(tenants(4, 1, "small")).measured)).toHaveLength(4);
  });
});
