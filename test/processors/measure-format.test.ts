import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createMatchesSchema } from "../../processors/measure-schema.ts";
import { needsData } from "../support/needs.ts";
import { measured, readRows } from "./measured.ts";

const fence = "```";

describe("Markdown and links", () => {
  test("lists, headings, tables, links and citations are seen", () => {
    const text = [
      "# Title",
      "See https://a.example and www.b.example [1], [23], [no].",
      "1. one",
      "  2) two",
      "* three",
      "#hashtag -5 1.5",
      "| a | b |",
      "|---|---|",
      "| 1 | 2 |",
    ].join("\n");
    expect(measured(text)).toMatchObject({ headings: 1, listItems: 3, table: true, urls: 2, citations: 2 });
    expect(measured("| only | one |")).toMatchObject({ table: false, headings: 0, listItems: 0 });
  });

  test.each([
    ["Is it?", true],
    ['He asked: "Is it?"', true],
    ["**是吗？**\n", true],
    ["Is it? Yes.", false],
  ])("%j ends with a question: %s", (text, asks) => {
    expect(measured(text).endsWithQuestion).toBe(asks);
  });
});

describe("JSON", () => {
  const schema = {
    type: "object",
    properties: { a: { type: "integer" } },
    required: ["a"],
    additionalProperties: false,
  };
  const matchesSchema = createMatchesSchema(schema);

  test.each([
    ['{"a": 1}', "bare", true, true],
    ['\n [{"a": 1}]\n', "bare", true, false],
    [`${fence}json\n{"a": 1}\n${fence}`, "fenced", true, true],
    [`${fence}\n{"a": "1"}\n${fence}\n`, "fenced", true, false],
    [`Here:\n${fence}json\n{"a": 1}\n${fence}`, "none", false, false],
    ['{"a": 1,}', "broken", false, false],
    ['{"a": 1', "broken", false, false],
    ["[No] it is not [1]", "none", false, false],
    ["[No]", "none", false, false],
    ["17", "none", false, false],
  ] as const)("%j is %s", (...[text, jsonForm, jsonValid, schemaValid]) => {
    expect(measured(text, { matchesSchema })).toMatchObject({ jsonForm, jsonValid, schemaValid });
    expect(measured(text).schemaValid).toBeNull();
  });

  test("a schema with a regular expression, or that is none, is not checked", () => {
    expect(createMatchesSchema({ type: "string", pattern: "(a+)+$" })).toBeNull();
    expect(createMatchesSchema({ type: "banana" })).toBeNull();
    expect(createMatchesSchema("object")).toBeNull();
  });

  test("a value too deep for the check is neither valid nor invalid", () => {
    const nested = createMatchesSchema({
      $ref: "#/$defs/list",
      $defs: { list: { type: "array", items: { $ref: "#/$defs/list" } } },
    });
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect(measured(deep, { matchesSchema: nested })).toMatchObject({ jsonForm: "bare", schemaValid: null });
  });
});

describe("fenced code", () => {
  const block = (language: string, code: string): string => `Look:\n${fence}${language}\n${code}\n${fence}\nDone.`;

  test.each([
    ["python", "def f(x):\n    return [x, ')']  # :-)", true],
    ["python", "def f(x):\nreturn x", false],
    ["python", "print('''a ( b''')", true],
    ["python", "print('''a", false],
    ["js", "const f = (a) => { return `a ${b} (`; };", true],
    ["ts", "f({ a: [1, 2 });", false],
    ["c", "int f() { // it's (\n  return 1; /* { */ }", true],
    ["json", '{"a": [1]}', true],
    ["json", '{"a": [1}', false],
    ["sql", "SELECT f(a) -- (\nFROM t", true],
    ["text", "a ) smile", true],
    ["", "f(", false],
  ])("%s %j parses: %s", (language, code, parses) => {
    expect(measured(block(language, code))).toMatchObject({ codeFence: true, codeParses: parses });
  });

  test("real answers have a block where a line begins with three backticks, and most blocks parse", (context) => {
    const files = ["llmdrift/prime_full.jsonl.gz", "alpaca_eval/outputs/gpt-3.5-turbo-0301.jsonl.gz"];
    const texts = files.flatMap((file) => {
      const rows = readRows(needsData(context, file), z.object({ answer: z.string(), output: z.string() }).partial());
      return rows.map(({ answer, output }) => answer ?? output ?? "");
    });
    const fenced = texts.filter((text) => measured(text).codeFence === true);
    expect(fenced).toEqual(texts.filter((text) => /^[ \t]*```/m.test(text)));
    expect(fenced.length).toBeGreaterThan(40);
    const parsed = fenced.filter((text) => measured(text).codeParses === true);
    expect(parsed.length / fenced.length).toBeGreaterThan(0.9);
  });

  test("a block that nothing closes does not parse, and backticks within a line are no block", () => {
    expect(measured(`${fence}js\nf();`)).toMatchObject({ codeFence: true, codeParses: false });
    expect(measured(`Write ${fence}f()${fence} here.`)).toMatchObject({ codeFence: false, codeParses: null });
  });

  test("what a block holds counts as neither words nor lists", () => {
    expect(measured(block("py", "# no heading\n- 1"))).toMatchObject({ words: 2, headings: 0, listItems: 0 });
  });
});

describe("short answers", () => {
  test.each([
    ["[Yes]", "yes"],
    ["No.", "no"],
    ["**No**, it is not.", "no"],
    ["Nein", "no"],
    ["True", "true"],
    ["B", "B"],
    ["(c) Paris", "C"],
    ["B. Paris", "B"],
    ["-1,234.5%", "number"],
    ["$5", "number"],
    ["A dog", "other"],
    ["Nobody knows", "other"],
    ["No-one", "other"],
    ["An answer that explains itself at some length", null],
  ])("%j is %s", (text, answer) => {
    expect(measured(text).shortAnswer).toBe(answer);
  });
});
