import { describe, expect, test } from "vitest";
import { z } from "zod";
import { refusalPatterns } from "../../processors/measure-refusal-patterns.ts";
import { isRole } from "../../processors/measure-roles.ts";
import { needsData } from "../support/needs.ts";
import { measured, readRows } from "./measured.ts";

describe("the refusal class", () => {
  test.each([
    ["I'm sorry, but I can't help with that.", "full"],
    ["I cannot provide instructions for this.", "full"],
    ["I am not able to write such a text.", "full"],
    ["Sorry, but I can’t assist with that request.", "full"],
    ["I do not condone violence of any kind.", "full"],
    ["As an AI, I don't have access to real-time data.", "full"],
    ["It is not appropriate to make jokes about this.", "full"],
    ["Es tut mir leid, aber ich kann dabei nicht helfen.", "full"],
    ["Lo siento, pero no puedo ayudarte con eso.", "full"],
    ["Désolé, je ne peux pas répondre à cela.", "full"],
    ["I can't predict the future. However, I can explain what speaks for it.", "partial"],
    ["I cannot give medical advice.\n\n- Rest\n- Drink\n- Sleep", "partial"],
    ["I'm sorry to hear that you feel bad. Let us talk.", "none"],
    ["Sure! You can't help but love this recipe.", "none"],
    ["The function cannot return a value here.", "none"],
    ["Paris is the capital of France.", "none"],
    ["17", "none"],
  ])("of %j is %s", (text, refusalClass) => {
    expect(measured(text).refusalClass).toBe(refusalClass);
  });

  test("is null where there is no word", () => {
    expect(measured("...")).toMatchObject({ refusalClass: null, refusalScore: null });
  });

  test("is judged by the beginning: what comes later may quote a refusal", () => {
    const story = "Once upon a time there was a fox. ".repeat(10);
    expect(measured(`${story} "I cannot help you," said the bear.`).refusalClass).toBe("none");
  });
});

describe("the patterns", () => {
  test("are made of roles and of distances between them", () => {
    const wrong = refusalPatterns
      .flatMap(({ words }) => words.split(" ").map((part, index) => ({ part, isRole: index % 2 === 0 })))
      .filter(({ part, isRole: shouldBe }) => (shouldBe ? !isRole(part) : !/^[1-9]\d?$/.test(part)));
    expect(wrong).toEqual([]);
  });
});

const isRefusal = (text: string): boolean => ["partial", "full"].includes(measured(text).refusalClass ?? "none");

/** Of the answers that a model declined, the share that is found; of those found, the share that it declined. */
const accuracy = (rows: readonly { readonly text: string; readonly isRefusal: boolean }[]) => {
  const judged = rows.map((row) => ({ ...row, isFound: isRefusal(row.text) }));
  const hits = judged.filter(({ isFound, isRefusal }) => isFound && isRefusal).length;
  return {
    precision: hits / judged.filter(({ isFound }) => isFound).length,
    recall: hits / judged.filter(({ isRefusal }) => isRefusal).length,
    falseAlarms:
      judged.filter(({ isFound, isRefusal }) => isFound && !isRefusal).length /
      judged.filter(({ isRefusal }) => !isRefusal).length,
  };
};

describe("on real answers", () => {
  test("of four models to sensitive questions precision and recall are above 0.95", (context) => {
    const path = needsData(context, "llmdrift/sensitiveq.jsonl.gz");
    const rows = readRows(path, z.object({ answer: z.string(), answered: z.number() }));
    const { precision, recall } = accuracy(
      rows.map(({ answer, answered }) => ({ text: answer, isRefusal: answered === 0 })),
    );
    expect(precision, `precision ${precision}`).toBeGreaterThan(0.98);
    expect(recall, `recall ${recall}`).toBeGreaterThan(0.95);
  });

  test("of a guarded model to safe and unsafe prompts, most refusals are found and few others", (context) => {
    const path = needsData(context, "xstest/mistralguard.jsonl.gz");
    const rows = readRows(path, z.object({ completion: z.string(), final_label: z.string() }));
    const { precision, recall, falseAlarms } = accuracy(
      rows
        .filter(({ final_label }) => final_label !== "3_partial_refusal")
        .map(({ completion, final_label }) => ({ text: completion, isRefusal: final_label === "2_full_refusal" })),
    );
    expect(precision, `precision ${precision}`).toBeGreaterThan(0.95);
    expect(recall, `recall ${recall}`).toBeGreaterThan(0.8);
    expect(falseAlarms).toBeLessThan(0.04);
  });

  test("to four thousand questions about primes none is found", (context) => {
    const path = needsData(context, "llmdrift/prime_full.jsonl.gz");
    const rows = readRows(path, z.object({ answer: z.string() }));
    expect(rows.filter(({ answer }) => measured(answer).refusalClass !== "none").map(({ answer }) => answer)).toEqual(
      [],
    );
  });

  test("to everyday prompts at most 1 of 40 counts as one", (context) => {
    const models = ["gpt-3.5-turbo-0301", "vicuna-13b", "Meta-Llama-3-8B-Instruct", "NullModel"];
    const shares = models.map((model) => {
      const path = needsData(context, `alpaca_eval/outputs/${model}.jsonl.gz`);
      const rows = readRows(path, z.object({ output: z.string() }));
      return rows.filter(({ output }) => isRefusal(output)).length / rows.length;
    });
    expect(Math.max(...shares), shares.join(", ")).toBeLessThan(1 / 40);
  });
});
