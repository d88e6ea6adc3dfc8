import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { EmbeddedStoreConfig } from "./config.ts";
import type { HttpAnswer } from "./http-answer.ts";
import { engineError } from "./http-answer.ts";

/** What a request may do, or why it may do nothing. */
export type Access = { readonly role: "reader" | "writer" } | { readonly role: "nobody"; readonly answer: HttpAnswer };

/** Decides what a request may do, by the name it calls this address, by its user and password, and by where it comes from. */
export const accessOf = (
  request: IncomingMessage,
  asked: { readonly url: URL; readonly config: EmbeddedStoreConfig["http"] },
): Access => {
  const { config, url } = asked;
  if (!isNamedAsConfigured(request, config.host)) {
    return refused(403, {
      code: 516,
      name: "AUTHENTICATION_FAILED",
      text: "this address answers only to its own name",
    });
  }
  const given = credentialsOf(request, url);
  if (config.writer !== undefined && given.user === config.writer.user) {
    return writerAccess(request, { password: given.password, writer: config.writer });
  }
  const isKnown = given.user === "" || given.user === "default" || given.user === config.user;
  return isSame(given.password, config.password ?? "") && isKnown ? { role: "reader" } : refused(403, wrongPassword);
};

type Writer = NonNullable<EmbeddedStoreConfig["http"]["writer"]>;

const writerAccess = (
  request: IncomingMessage,
  { password, writer }: { readonly password: string; readonly writer: Writer },
): Access => {
  if (writer.from === "loopback" && !isLoopback(request.socket.remoteAddress ?? "")) {
    return refused(403, {
      code: 195,
      name: "IP_ADDRESS_NOT_ALLOWED",
      text: `${writer.user}: it is not allowed to connect from this address`,
    });
  }
  if (password === "") {
    return refused(401, { code: 194, name: "REQUIRED_PASSWORD", text: `${writer.user}: a password is required` });
  }
  return isSame(password, writer.password) ? { role: "writer" } : refused(403, wrongPassword);
};

const wrongPassword = {
  code: 516,
  name: "AUTHENTICATION_FAILED",
  text: "Authentication failed: password is incorrect, or there is no such user",
} as const;

const refused = (status: number, error: Parameters<typeof engineError>[1]): Access => ({
  role: "nobody",
  answer: engineError(status, error),
});

/**
 * Whether a request calls this address by a name of its own. On loopback only loopback's names count: a web page whose own
 * name was made to point here (DNS rebinding) could read everything otherwise.
 */
const isNamedAsConfigured = (request: IncomingMessage, configured: string): boolean => {
  const name = new URL(`http://${headerOf(request, "host") ?? "localhost"}`).hostname;
  return !isLoopback(configured) || isLoopback(name);
};

const isLoopback = (name: string): boolean => /^(localhost|(?:::ffff:)?127(\.\d+){3}|\[?::1\]?)$/i.test(name);

const credentialsOf = (request: IncomingMessage, url: URL): { readonly user: string; readonly password: string } => {
  const basic = /^Basic (.+)$/i.exec(headerOf(request, "authorization") ?? "")?.[1];
  const [user = "", ...password] = basic === undefined ? [] : Buffer.from(basic, "base64").toString().split(":");
  return {
    user: headerOf(request, "x-clickhouse-user") ?? url.searchParams.get("user") ?? user,
    password: headerOf(request, "x-clickhouse-key") ?? url.searchParams.get("password") ?? password.join(":"),
  };
};

/** Whether two secrets are the same, in a time that tells neither how far they agree nor how long they are. */
const isSame = (given: string, expected: string): boolean => timingSafeEqual(digestOf(given), digestOf(expected));

const digestOf = (text: string): Buffer => createHash("sha256").update(text).digest();

/** The value of a header, the first one where it came twice. */
export const headerOf = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};
