import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { EmbeddedStoreConfig } from "./config.ts";

/**
 * Whether a request calls this address by a name of its own. On loopback only loopback's names count: a web page whose own
 * name was made to point here (DNS rebinding) could read everything otherwise.
 */
export const isNamedAsConfigured = (request: IncomingMessage, configured: string): boolean => {
  const name = new URL(`http://${headerOf(request, "host") ?? "localhost"}`).hostname;
  return !isLoopback(configured) || isLoopback(name);
};

const isLoopback = (name: string): boolean => /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(name);

/** Whether a request comes with the name and password of the configured reader; `default` is another name of it. */
export const isReader = (
  request: IncomingMessage,
  asked: { readonly url: URL; readonly config: EmbeddedStoreConfig["http"] },
): boolean => {
  const { user, password } = credentialsOf(request, asked.url);
  const isKnown = user === "" || user === "default" || user === asked.config.user;
  return isKnown && isSame(password, asked.config.password ?? "");
};

const credentialsOf = (request: IncomingMessage, url: URL): { readonly user: string; readonly password: string } => {
  const basic = /^Basic (.+)$/i.exec(headerOf(request, "authorization") ?? "")?.[1];
  const [user = "", ...password] = basic === undefined ? [] : Buffer.from(basic, "base64").toString().split(":");
  return {
    user: headerOf(request, "x-clickhouse-user") ?? url.searchParams.get("user") ?? user,
    password: headerOf(request, "x-clickhouse-key") ?? url.searchParams.get("password") ?? password.join(":"),
  };
};

const isSame = (given: string, expected: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** The value of a header, the first one where it came twice. */
export const headerOf = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};
