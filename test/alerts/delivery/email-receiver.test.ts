import { afterEach, beforeEach, expect, test } from "vitest";
import { emailReceiver } from "../../../alerts/delivery/email-receiver.ts";
import { receiverConfig } from "../../../alerts/delivery/receiver-config.ts";
import { alertOf } from "./alerts.ts";
import { notificationOf } from "./notifications.ts";
import type { SmtpServer } from "./smtp-server.ts";
import { openSmtpServer } from "./smtp-server.ts";

let server: SmtpServer;

beforeEach(async () => {
  server = await openSmtpServer();
});

afterEach(() => server.close());

const receiver = (more: object = {}) => {
  const addresses = { from: "plumbline@example.org", to: ["a@example.org", "b@example.org"] };
  const config = receiverConfig.parse({
    kind: "email",
    host: "127.0.0.1",
    port: server.port,
    tls: "none",
    ...addresses,
    ...more,
  });
  if (config.kind !== "email") throw new Error("the settings are of another kind");
  return emailReceiver(config, { externalUrl: "http://console.example", timeoutMs: 2_000 });
};

test("a mail goes to everybody, and has the same id at every try", async () => {
  const email = receiver();
  const alerts = [alertOf({ alertname: "Slow\r\nBcc: eve@example.org", route: "chat" })];
  expect(await email.send(notificationOf({ alerts }))).toEqual({ kind: "sent" });
  expect(await email.send(notificationOf({ alerts }))).toEqual({ kind: "sent" });
  email.close();
  const [first, second] = server.mails();
  expect(first).toMatchObject({ from: "plumbline@example.org", to: ["a@example.org", "b@example.org"] });
  const id = /^Message-ID: (.*)$/im;
  expect(id.exec(first?.text ?? "")?.[1]).toBe("<0123456789abcdef0123456789abcdef@plumbline.invalid>");
  expect(id.exec(second?.text ?? "")?.[1]).toBe(id.exec(first?.text ?? "")?.[1]);
  expect(first?.text).toMatch(/^Subject: =\?UTF-8\?Q\?=5BFIRING=3A1=5D_Slow_Bcc/m);
  expect(first?.text).not.toMatch(/^Bcc:/im);
  expect(first?.text).toContain("told because: first");
});

test.each([
  { answer: "451 busy", expected: { kind: "retry", says: "the mail server answered 451" } },
  { answer: "550 no", expected: { kind: "refused", says: "the mail server answered 550" } },
])("a server that answers $answer is a $expected.kind", async ({ answer, expected }) => {
  server.answers(answer);
  expect(await receiver().send(notificationOf())).toMatchObject(expected);
});

test("nothing is sent in the clear where encryption is required", async () => {
  expect(await receiver({ tls: "required" }).send(notificationOf())).toMatchObject({ kind: "retry" });
  expect(server.mails()).toEqual([]);
});

test("a server that is away may be back later", async () => {
  const email = receiver();
  await server.close();
  expect(await email.send(notificationOf())).toMatchObject({ kind: "retry", says: "the mail server answered ESOCKET" });
  server = await openSmtpServer();
});
