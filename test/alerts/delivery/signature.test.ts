import { expect, test } from "vitest";
import { isSignedBy, signatureOf } from "../../../alerts/delivery/signature.ts";
import { startMs } from "./alerts.ts";

const signed = { secret: "key", timestamp: String(startMs / 1_000), idempotencyKey: "id", body: "{}" };
const signature = signatureOf(signed);

test("the signature of a known message is the one that others compute", () => {
  const message = { secret: "key", timestamp: "1700000000", idempotencyKey: "id", body: '{"a":1}' };
  expect(signatureOf(message)).toBe("v1=c53e47916d9a83616a6d4b8b70118898d5041ac67940969af2d5ae4919266f79");
});

test.each([
  { name: "right and recent", more: {}, atMs: 0, isSigned: true },
  { name: "at the end of the window", more: {}, atMs: 300_000, isSigned: true },
  { name: "older than the window", more: {}, atMs: 300_001, isSigned: false },
  { name: "from the future", more: {}, atMs: -300_001, isSigned: false },
  { name: "of another body", more: { body: "[]" }, atMs: 0, isSigned: false },
  { name: "of another time", more: { timestamp: String(startMs / 1_000 + 1) }, atMs: 0, isSigned: false },
  { name: "of another idempotency key", more: { idempotencyKey: "x" }, atMs: 0, isSigned: false },
  { name: "of another secret", more: { secret: "x" }, atMs: 0, isSigned: false },
  { name: "missing", more: { signature: "" }, atMs: 0, isSigned: false },
  { name: "without a time", more: { timestamp: "" }, atMs: 0, isSigned: false },
])("a signature $name: $isSigned", ({ more, atMs, isSigned }) => {
  expect(isSignedBy({ ...signed, signature, ...more }, startMs + atMs)).toBe(isSigned);
});
