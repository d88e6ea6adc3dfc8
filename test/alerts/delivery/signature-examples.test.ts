import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signatureOf } from "../../../alerts/delivery/signature.ts";
import { repository } from "../../architecture/source-files.ts";
import { needsPython } from "../../support/needs.ts";
import { startMs } from "./alerts.ts";

const page = readFileSync(join(repository, "docs/delivery.md"), "utf8");
const exampleOf = (name: string): string =>
  new RegExp(`<!-- example: ${name} -->\n\`\`\`\\w+\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? "";

const startSeconds = startMs / 1_000;
const signed = { secret: "key", timestamp: String(startSeconds), idempotencyKey: "id", body: '{"status":"firing ü"}' };
const headers = {
  "plumbline-signature": signatureOf(signed),
  "plumbline-timestamp": signed.timestamp,
  "idempotency-key": signed.idempotencyKey,
};

/** What a reader is given, and whether he should believe it. */
const messages = [
  { given: [headers, signed.body, startSeconds], expected: true },
  { given: [headers, signed.body, startSeconds + 300], expected: true },
  { given: [headers, signed.body, startSeconds + 301], expected: false },
  { given: [headers, signed.body, startSeconds - 301], expected: false },
  { given: [headers, "{}", startSeconds], expected: false },
  { given: [{ ...headers, "idempotency-key": "other" }, signed.body, startSeconds], expected: false },
  { given: [{ ...headers, "plumbline-signature": "v1=ü" }, signed.body, startSeconds], expected: false },
  { given: [{}, signed.body, startSeconds], expected: false },
];

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "plumbline-signature-"));
});

afterAll(() => rm(dir, { recursive: true, force: true }));

/** Runs a program that reads messages from its input and prints what it thinks of each. */
const verdictsOf = async (program: string, file: string, text: string): Promise<unknown> => {
  const path = join(dir, file);
  await writeFile(path, text);
  const input = JSON.stringify(messages.map(({ given }) => given));
  const { stdout, stderr } = spawnSync(program, [path], { input, encoding: "utf8", timeout: 15_000 });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
};

describe("the example of the documentation", () => {
  const expected = messages.map((message) => message.expected);

  test("in Node believes what is signed and recent, and nothing else", async () => {
    const text = `${exampleOf("node")}
import { readFileSync } from "node:fs";
const messages = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(messages.map((message) => isFromPlumbline("key", ...message))));
`;
    expect(await verdictsOf(process.execPath, "reader.mjs", text)).toEqual(expected);
  });

  test("in Python believes what is signed and recent, and nothing else", async (context) => {
    const text = `${exampleOf("python")}
import json, sys
print(json.dumps([is_from_plumbline("key", *message) for message in json.load(sys.stdin)]))
`;
    expect(await verdictsOf(needsPython(context), "reader.py", text)).toEqual(expected);
  });
});
