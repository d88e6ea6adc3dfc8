import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { removeMembers } from "../../gateway/json-members.ts";
import { readSseData } from "../../gateway/sse-data.ts";
import { withoutUsage } from "../../gateway/usage-events.ts";

const strip = (text: string): string | null => {
  const event = Buffer.from(text);
  const data = readSseData(event);
  const parsed: unknown = JSON.parse(data?.text ?? "null");
  return data === null ? text : (withoutUsage(event, data, parsed)?.toString("utf8") ?? null);
};

describe("withoutUsage", () => {
  test.each([
    { name: "after a comma", from: 'data: {"a":1,"usage":null}\n\n', to: 'data: {"a":1}\n\n' },
    { name: "in the middle", from: 'data: {"a":1,"usage":null,"b":[2]}\r\n\r\n', to: 'data: {"a":1,"b":[2]}\r\n\r\n' },
    { name: "first", from: 'data: {"usage":null,"b":2}\n\n', to: 'data: {"b":2}\n\n' },
    { name: "spaced", from: 'data: { "a": 1 , "usage" : null }\n\n', to: 'data: { "a": 1 }\n\n' },
    { name: "escaped", from: 'data: {"a":1,"us\\u0061ge":null}\n\n', to: 'data: {"a":1}\n\n' },
    { name: "twice", from: 'data: {"usage":null,"a":1,"usage":null}\n\n', to: 'data: {"a":1}\n\n' },
    { name: "with comments", from: ': x\ndata: {"a":1,"usage":null}\nid: 3\n\n', to: ': x\ndata: {"a":1}\nid: 3\n\n' },
  ])("takes out a null usage $name, and nothing else", ({ from, to }) => {
    expect(strip(from)).toBe(to);
  });

  test.each([
    'data: {"choices":[{"delta":{"usage":null}}]}\n\n',
    'data: {"choices":[{"delta":{"a":1,"usage":null}}]}\n\n',
    'data: {"choices":[{"delta":{"content":",\\"usage\\":null"}}]}\n\n',
    'data: {"choices":[{"index":0}],"usage":{"prompt_tokens":1}}\n\n',
    'data: [1,{"a":1,"usage":null}]\n\n',
  ])("leaves %s as it is", (text) => {
    expect(strip(text)).toBe(text);
  });

  test("takes out an event that exists only to carry counts", () => {
    expect(strip('data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}\n\n')).toBe(null);
  });

  test("the quick way and the scan of the whole text agree", () => {
    const inner = fc.oneof(
      fc.json(),
      fc.constantFrom('{"usage":null}', '{"a":{"x":1,"usage":null}}', '"\\",\\"usage\\":null"'),
    );
    const parts = fc.array(fc.tuple(fc.constantFrom('"a"', '"b"', '"usage "', '"u\\"usage"'), inner), { maxLength: 4 });
    fc.assert(
      fc.property(parts, fc.nat(4), (members, place) => {
        const texts = members.map(([name, value]) => `${name}:${value}`).toSpliced(place, 0, '"usage":null');
        const text = `{${texts.join(",")}}`;
        const json = Buffer.from(text);
        const scanned = removeMembers(
          json,
          ({ name, valueStart }) => name === "usage" && json.toString("utf8", valueStart, valueStart + 4) === "null",
        );
        expect(strip(`data: ${text}\n\n`)).toBe(`data: ${scanned.toString("utf8")}\n\n`);
      }),
    );
  });
});
