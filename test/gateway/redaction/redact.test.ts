import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redact } from "../../../gateway/redaction/redact.ts";

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789";
const token = (length: number): string => letters.repeat(4).slice(0, length);
const begin = (kind: string): string => `-----BEGIN ${kind}PRIVATE KEY-----`;
const finish = (kind: string): string => `-----END ${kind}PRIVATE KEY-----`;

describe("redact replaces", () => {
  test.each([
    { text: "write to ada.l+x@mail.example.co.uk, please", clean: "write to [EMAIL], please" },
    { text: "Адрес: ия@пример.рф.", clean: "Адрес: [EMAIL]." },
    { text: "call +44 20 7946 0018 today", clean: "call [PHONE] today" },
    { text: "(202) 555-0173 or 202.555.0173", clean: "[PHONE] or [PHONE]" },
    { text: "1-800-273-8255 x12", clean: "[PHONE]" },
    { text: "Mobile: 03.93.92.16.85", clean: "Mobile: [PHONE]" },
    { text: "my number is 5403926876", clean: "my number is [PHONE]" },
    { text: "card 4111 1111 1111 1111 exp 12/30", clean: "card [CARD] exp 12/30" },
    { text: "12 4111-1111-1111-1111", clean: "12 [CARD]" },
    { text: "378282246310005", clean: "[CARD]" },
    { text: "IBAN GB82 WEST 1234 5698 7654 32 IS MINE", clean: "IBAN [IBAN] IS MINE" },
    { text: "DE89370400440532013000", clean: "[IBAN]" },
    { text: "SSN 123-45-6789", clean: "SSN [SSN]" },
    { text: "social security number 123456789", clean: "social security number [SSN]" },
    { text: "from 192.168.0.1:8080", clean: "from [IP]:8080" },
    { text: "ping 2001:db8::ff00:42:8329 and ::1", clean: "ping [IP] and [IP]" },
    { text: `Authorization: Bearer ${token(40)}`, clean: "Authorization: Bearer [SECRET]" },
    { text: `key sk-${token(40)}!`, clean: "key [SECRET]!" },
    { text: `sk-proj-${token(60)}`, clean: "[SECRET]" },
    { text: `ghp_${token(36)} xoxb-${"1".repeat(12)}-${token(20)}`, clean: "[SECRET] [SECRET]" },
    { text: `AKIA${"Q7".repeat(8)}`, clean: "[SECRET]" },
    { text: `eyJ${token(20)}.eyJ${token(30)}.${token(43)}`, clean: "[SECRET]" },
    { text: `postgres://app:${token(12)}@db.internal/x`, clean: "postgres://app:[SECRET]@db.internal/x" },
    { text: `API_KEY="${token(44)}"`, clean: 'API_KEY="[SECRET]"' },
    { text: `a\n${begin("RSA ")}\n${token(64)}\n${finish("RSA ")}\nb`, clean: "a\n[SECRET]\nb" },
    { text: `a ${begin("")} never ends ${token(64)}`, clean: "a [SECRET]" },
    { text: `${begin("")}x${finish("")} and ${begin("EC ")}y${finish("EC ")}.`, clean: "[SECRET] and [SECRET]." },
  ])("$text", ({ text, clean }) => {
    expect(redact(text)).toBe(clean);
  });
});

describe("redact leaves", () => {
  test.each([
    "Is 17077 a prime number? Think step by step: 17077 / 7 = 2439.571, 17077 / 11 = 1552.4545",
    "on 2026-11-21 12:30:45, 21.11.2026 or 11/21/2026",
    "1,234,567,890 people and 3.14159265358979",
    "card 4111 1111 1111 1112",
    "GB82 WEST 1234 5698 7654 33",
    "std::vector<int> a[::2]; 12:30:45; sha256:abc",
    "666-12-3456 and 900-12-3456",
    "version 1.2.3, pi 3.141592653589793, 300.1.1.1",
    "my password is a secret, and the token is short",
    "1 2 3 4 5 6 7 8 9 10 11 12",
    "task-based risk-weighted disk-1234567890123456789",
    "a@b, @home, user@localhost",
  ])("%s", (text) => {
    expect(redact(text)).toBe(text);
  });
});

test("what is replaced once stays as it is", () => {
  const parts = fc.constantFrom(
    "ada@example.com",
    "+44 20 7946 0018",
    "4111111111111111",
    "10.0.0.1",
    `sk-${token(30)}`,
    "hi",
    "\n",
    "1",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(parts, fc.string({ maxLength: 8 })), { maxLength: 12 }), (words) => {
      const once = redact(words.join(" "));
      expect(redact(once)).toBe(once);
    }),
  );
});

test("hostile texts of 200,000 characters are worked through", () => {
  const hostile = [
    "a",
    "1",
    "1 ",
    "a.",
    "a@",
    "@a.",
    "1.",
    ":",
    "a:",
    "+1",
    "(1",
    "sk-",
    "eyJa.",
    "key=a",
    "://a:",
    "A1",
    "- ",
  ];
  const keys = begin("").repeat(8_000);
  for (const text of [...hostile.map((part) => part.repeat(200_000 / part.length)), keys]) {
    expect(redact(text).length).toBeGreaterThan(0);
  }
});
