import { expect, test } from "vitest";
import { matchersText, parseMatcher, testOf } from "../../../alerts/delivery/matcher.ts";
import { matchersOf } from "./policies.ts";

test.each([
  { text: 'severity="page"', labels: { severity: "page" }, isMatch: true },
  { text: "severity=page", labels: { severity: "page" }, isMatch: true },
  { text: "severity = page ", labels: { severity: "page" }, isMatch: true },
  { text: "severity=page", labels: { severity: "pager" }, isMatch: false },
  { text: "severity!=page", labels: { severity: "ticket" }, isMatch: true },
  { text: "severity!=page", labels: {}, isMatch: true },
  { text: 'severity=""', labels: {}, isMatch: true },
  { text: 'route=~"a|b"', labels: { route: "b" }, isMatch: true },
  { text: 'route=~"a|b"', labels: { route: "ab" }, isMatch: false },
  { text: 'route=~"a.*"', labels: { route: "a\nb" }, isMatch: true },
  { text: 'route=~".+"', labels: {}, isMatch: false },
  { text: 'route!~"a|b"', labels: { route: "b" }, isMatch: false },
  { text: 'route!~"a|b"', labels: {}, isMatch: true },
  { text: 'said="a \\"b\\""', labels: { said: 'a "b"' }, isMatch: true },
])("$text on $labels: $isMatch", ({ text, labels, isMatch }) => {
  expect(testOf(matchersOf(text))(labels)).toBe(isMatch);
});

test.each([
  "",
  "severity",
  "1a=b",
  'a="b',
  'a="b"c',
  "a=~(",
  "a=~a)|(b",
  "a=~(a+)+b",
  "a=~(a|a)*b",
  "a=~((a+))+",
  "a=~(a)\\1",
  "a=~(?=a)b",
])("%j is refused with its reason", (text) => {
  const parsed = parseMatcher(text);
  expect(parsed.ok ? "accepted" : parsed.message).toMatch(/expected a condition|quote|regular expression/);
});

test("matchers have one notation, however they were written and ordered", () => {
  expect(matchersText(matchersOf("b=~x", 'a="1"'))).toBe('{a="1",b=~"x"}');
  expect(matchersText(matchersOf("a = 1", "b=~x"))).toBe('{a="1",b=~"x"}');
});
