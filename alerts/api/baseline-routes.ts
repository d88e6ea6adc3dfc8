import { z } from "zod";
import { baselineWindow } from "../../core/pinned-baseline.ts";
import type { Baselines } from "../baselines/baselines.ts";
import type { ApiReply, ApiRequest } from "./api-request.ts";
import { parseBody } from "./parse-body.ts";
import { jsonReply } from "./replies.ts";

/** What requests about pinned baselines are answered with. */
export interface BaselineDeps {
  readonly baselines: Baselines;
  /** Throws `http.too_many_requests` when no more may be changed at present. */
  readonly spend: () => void;
}

const author = { by: z.string().trim().min(1).max(128), reason: z.string().trim().max(500).default("") };
const blessing = baselineWindow.extend(author);
const clearing = z.strictObject(author);

/** Lists pinned baselines, those that hold first. */
export const listBaselines = async ({ baselines }: BaselineDeps): Promise<ApiReply> =>
  jsonReply(200, { baselines: await baselines.list() });

/** Pins a window of answers as baseline. */
export const blessBaseline = async ({ baselines, spend }: BaselineDeps, request: ApiRequest): Promise<ApiReply> => {
  const { by, reason, ...window } = parseBody(blessing, request);
  spend();
  return jsonReply(201, await baselines.bless(window, { by, reason }));
};

/** Ends a pinned baseline. */
export const clearBaseline = async (
  { baselines, spend }: BaselineDeps,
  { id, request }: { readonly id: string; readonly request: ApiRequest },
): Promise<ApiReply> => {
  const given = parseBody(clearing, request);
  spend();
  return jsonReply(200, { baseline: await baselines.clear(id, given) });
};
