import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { PlumblineError } from "../../core/errors.ts";
import type { ApiConfig } from "./api-config.ts";
import type { ApiRequest } from "./api-request.ts";
import { headerOf } from "./api-request.ts";

/** Most bytes of a body; of alerts many come at once, and most of all when most depends on them. */
const maxBodyBytes = 65_536;
const maxAlertBytes = 4_194_304;

/**
 * Lets through who may change something: no page of somebody else, whatever the browser of an operator can reach, and who knows
 * the token where there is one. Throws `http.foreign_origin`, `http.unauthorized` or `http.too_large`.
 */
export const guardRequest = (
  request: ApiRequest,
  { config, asked }: { readonly config: Pick<ApiConfig, "token" | "origins">; readonly asked: string },
): void => {
  checkOrigin(request, config.origins);
  checkToken(request, config.token);
  const most = asked === "alertmanager" ? maxAlertBytes : maxBodyBytes;
  if (request.body.byteLength > most) {
    throw new PlumblineError("http.too_large", `The body has more than ${most} bytes.`);
  }
};

/** Programs send neither of these headers; browsers send at least one with everything that can change something. */
const checkOrigin = (request: ApiRequest, origins: readonly string[]): void => {
  const site = headerOf(request, "sec-fetch-site") ?? "none";
  const origin = headerOf(request, "origin");
  const isKnown = origin !== undefined && origins.some((known) => new URL(known).origin === origin);
  const isOwn = (site === "same-origin" || site === "none") && (origin === undefined || isSelf(request, origin));
  if (!isKnown && !isOwn) {
    throw new PlumblineError("http.foreign_origin", "A page of another origin must not change anything here.");
  }
};

/**
 * Whether a page came from the address that it now asks. A name that somebody else owns may lead to this machine, so that only
 * loopback and bare addresses count; other names are listed.
 */
const isSelf = (request: ApiRequest, origin: string): boolean => {
  const url = URL.parse(origin);
  if (url === null || url.host !== headerOf(request, "host")) {
    return false;
  }
  const name = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || name.endsWith(".localhost") || isIP(name) !== 0;
};

const checkToken = (request: ApiRequest, token: string | undefined): void => {
  if (token !== undefined && !isEqual(givenToken(headerOf(request, "authorization") ?? ""), token)) {
    throw new PlumblineError("http.unauthorized", "This needs the token that is configured.");
  }
};

/** The bearer token, or the password of basic authentication, which is all that some webhooks can send. */
const givenToken = (authorization: string): string => {
  const [, scheme = "", given = ""] = /^(\w+) +(\S+)$/.exec(authorization) ?? [];
  switch (scheme.toLowerCase()) {
    case "bearer":
      return given;
    case "basic":
      return Buffer.from(given, "base64")
        .toString("utf8")
        .replace(/^[^:]*:/, "");
    default:
      return "";
  }
};

/** Digests have one length, so that neither the time nor an error tells how much of it was right. */
const isEqual = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted));

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
