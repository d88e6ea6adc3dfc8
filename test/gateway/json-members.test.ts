import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addMember, removeMembers, replaceMember, scanMembers } from "../../gateway/json-members.ts";

/** JSON text of an object with any spacing, escapes in names, and doubles of a name. */
const space = fc.constantFrom("", " ", "\n", "\t ", "\r\n");
const name = fc.oneof(
  fc.constantFrom('"model"', '"mod\\u0065l"', '"usage"', '"a\\"b"', '"\\\\"', '""', '"ключ"'),
  fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
);
const value = fc.oneof(
  fc.json().map(String),
  fc.constantFrom("null", "-1.5e+9", "true", '"}],\\""', '{"model":[{"usage":null}]}', "[[],{}]", '"ünï"'),
);
const member = fc.record({ name, value, spaces: fc.array(space, { minLength: 4, maxLength: 4 }) });
const objectText = fc
  .record({ members: fc.array(member, { maxLength: 6 }), around: fc.array(space, { minLength: 3, maxLength: 3 }) })
  .map(({ members, around }) => {
    const inner = members.map(({ name: n, value: v, spaces: [a, b, c, d] }) => `${a}${n}${b}:${c}${v}${d}`).join(",");
    return { text: `${around[0]}{${inner}${members.length === 0 ? around[1] : ""}}${around[2]}`, members };
  });

const unquote = (text: string): unknown => JSON.parse(text);

describe("scanMembers", () => {
  test("finds each outermost member, with its name and the exact text of its value", () => {
    fc.assert(
      fc.property(objectText, ({ text, members }) => {
        const json = Buffer.from(text);
        const found = scanMembers(json).map(({ name: n, start, valueStart, valueEnd }) => ({
          name: n,
          quoted: unquote(json.toString("utf8", start, json.indexOf(":", nameEnd(json, start)))),
          value: json.toString("utf8", valueStart, valueEnd),
        }));
        expect(found).toEqual(
          members.map((m) => ({ name: unquote(m.name), quoted: unquote(m.name), value: m.value.trim() })),
        );
      }),
    );
  });

  test("does not run out of stack on a body nested a hundred thousand deep", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    const json = Buffer.from(`{"a":${deep},"b":1}`);
    expect(scanMembers(json).map((found) => found.name)).toEqual(["a", "b"]);
  });
});

describe("replaceMember", () => {
  test("changes the bytes of the values named and no other byte", () => {
    fc.assert(
      fc.property(objectText, fc.json(), ({ text }, next) => {
        const json = Buffer.from(text);
        const wanted = scanMembers(json).filter((found) => found.name === "model");
        const changed = replaceMember(json, "model", next);
        let at = 0;
        let from = 0;
        for (const { valueStart, valueEnd } of wanted) {
          const same = json.subarray(from, valueStart);
          expect(changed.subarray(at, at + same.length)).toEqual(same);
          at += same.length;
          expect(changed.toString("utf8", at, at + Buffer.byteLength(next))).toBe(next);
          at += Buffer.byteLength(next);
          from = valueEnd;
        }
        expect(changed.subarray(at)).toEqual(json.subarray(from));
      }),
    );
  });
});

describe("addMember", () => {
  test("puts the member first and keeps every byte of the rest", () => {
    fc.assert(
      fc.property(objectText, ({ text, members }) => {
        const json = Buffer.from(text);
        const changed = addMember(json, "stream_options", '{"include_usage":true}').toString("utf8");
        const added = `"stream_options":{"include_usage":true}${members.length === 0 ? "" : ","}`;
        const brace = text.indexOf("{") + 1;
        expect(changed).toBe(text.slice(0, brace) + added + text.slice(brace));
        expect(() => unquote(changed)).not.toThrow();
      }),
    );
  });
});

describe("removeMembers", () => {
  test("leaves valid JSON of the other members, in order and with their exact text", () => {
    fc.assert(
      fc.property(objectText, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), ({ text, members }, unwanted) => {
        const json = Buffer.from(text);
        const starts = scanMembers(json).map(({ start }) => start);
        const left = removeMembers(json, ({ start }) => unwanted[starts.indexOf(start)] === true);
        const kept = scanMembers(left).map((found) => left.toString("utf8", found.valueStart, found.valueEnd));
        expect(() => unquote(left.toString("utf8"))).not.toThrow();
        expect(kept).toEqual(members.filter((_, index) => unwanted[index] !== true).map((m) => m.value.trim()));
      }),
    );
  });

  test("adding a member and removing it again gives back the same bytes", () => {
    fc.assert(
      fc.property(objectText, ({ text }) => {
        const json = Buffer.from(text);
        const added = addMember(json, "plumbline test", "null");
        const back = removeMembers(added, (found) => found.name === "plumbline test").toString("utf8");
        const lead = json.indexOf("{") + 1;
        // The white space after the brace belongs to the member that was first.
        expect(back.slice(0, lead)).toBe(text.slice(0, lead));
        expect(back.slice(lead).trimStart()).toBe(text.slice(lead).trimStart());
      }),
    );
  });
});

const nameEnd = (json: Buffer, start: number): number => {
  let at = start + 1;
  while (json[at] !== 0x22) {
    at += json[at] === 0x5c ? 2 : 1;
  }
  return at + 1;
};
