import type { IncomingHttpHeaders } from "node:http";
import type { Demand } from "./constraints/demand.ts";
import { demandOf } from "./constraints/demand.ts";
import type { Refusal } from "./refusal.ts";

/** What a caller says about its call in headers; null where it says nothing. */
export interface CallerHeaders {
  readonly route: string | null;
  readonly tenant: string;
  readonly feature: string | null;
  readonly session: string | null;
  /** What it demands of the targets that it is sent to; empty where it demands nothing. */
  readonly demands: readonly Demand[];
  readonly traceparent: string | null;
  readonly tracestate: string | null;
}

/** The headers, or why one of them is refused. */
export type CallerHeadersResult =
  | { readonly ok: true; readonly headers: CallerHeaders }
  | { readonly ok: false; readonly refusal: Refusal };

const names = { route: "x-plumbline-route", tenant: "x-plumbline-tenant", feature: "x-plumbline-feature" } as const;
const sessionName = "x-plumbline-session";
const listNames = { regions: "x-plumbline-region", compliance: "x-plumbline-compliance" } as const;

/** Printable ASCII, so that a value means the same in every log, table and chart; bounded, because it is stored per call. */
const allowed = /^[\x20-\x7e]{1,128}$/;

/** A label as places have it; an empty one demands what nothing has. */
const labels = /^[\x21-\x2b\x2d-\x7e]{1,64}$/;
const maxLabels = 8;

/** Reads the headers meant for the gateway; a value that is empty, too long or not printable ASCII is refused. */
export const readCallerHeaders = (headers: IncomingHttpHeaders): CallerHeadersResult => {
  for (const name of [names.route, names.tenant, names.feature, sessionName]) {
    const value = headers[name];
    if (value !== undefined && (typeof value !== "string" || !allowed.test(value))) {
      const message = `The header '${name}' must be 1 to 128 characters of printable ASCII.`;
      return { ok: false, refusal: { code: "request.malformed", message, param: name } };
    }
  }
  for (const name of [listNames.regions, listNames.compliance]) {
    if (headers[name] !== undefined && listOf(headers[name])?.every((label) => labels.test(label)) !== true) {
      const message = `The header '${name}' must be 1 to 8 labels without blanks, with commas between.`;
      return { ok: false, refusal: { code: "request.malformed", message, param: name } };
    }
  }
  return {
    ok: true,
    headers: {
      route: textOf(headers[names.route]),
      tenant: textOf(headers[names.tenant]) ?? "default",
      feature: textOf(headers[names.feature]),
      session: textOf(headers[sessionName]),
      demands: demandOf("request", {
        regions: listOf(headers[listNames.regions]),
        compliance: listOf(headers[listNames.compliance]),
      }),
      traceparent: textOf(headers["traceparent"]),
      tracestate: textOf(headers["tracestate"]),
    },
  };
};

/** The caller's headers that are passed on, as name and value in turn; `passedOn` is what the provider's format has. */
export const headersForProvider = (headers: IncomingHttpHeaders, passedOn: readonly string[]): readonly string[] =>
  passedOn.flatMap((name) => {
    const value = headers[name];
    return typeof value === "string" ? [name, value] : [];
  });

const listOf = (value: string | readonly string[] | undefined): readonly string[] | undefined => {
  const labels = typeof value === "string" ? value.split(",").map((label) => label.trim()) : [];
  return labels.length > 0 && labels.length <= maxLabels ? labels : undefined;
};

const textOf = (value: string | readonly string[] | undefined): string | null =>
  typeof value === "string" ? value : null;
