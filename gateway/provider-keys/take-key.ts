import { askedOutput } from "../budgets/output-limit.ts";
import { tokenBounds } from "../budgets/token-bounds.ts";
import type { ChatRequest } from "../chat-request.ts";
import type { GatewayState } from "../gateway-state.ts";
import type { Surface } from "../surfaces/surface.ts";
import type { KeyLease } from "./key-lease.ts";
import type { KeyObstacle, KeyRing } from "./key-ring.ts";

/** An attempt that is sent with a key. */
export interface KeyRequest {
  /** Name of the provider's entry in the configuration. */
  readonly provider: string;
  readonly surface: Surface;
  readonly chat: ChatRequest;
  /** What the caller sent. */
  readonly body: Buffer;
}

/** What keys are taken from. */
export type KeyState = Pick<GatewayState, "keyRings" | "config" | "clock" | "random">;

/** A key; null for a provider that has no several, which is then sent what its settings say. */
export type TakenKey =
  | { readonly ok: true; readonly lease: KeyLease | null }
  | { readonly ok: false; readonly obstacle: KeyObstacle };

/** Why no key of a provider but `except` can be used now; null when one can, and where there are no several. */
export const keyObstacle = (state: KeyState, request: KeyRequest, except: string | null = null): KeyObstacle | null => {
  const ring = state.keyRings.get(request.provider);
  return ring === undefined ? null : ring.obstacle({ ...demandOf(state, ring, request), except });
};

/** Takes a key for an attempt that is sent at once. */
export const takeKey = (state: KeyState, request: KeyRequest): TakenKey => {
  const ring = state.keyRings.get(request.provider);
  if (ring === undefined) return { ok: true, lease: null };
  return ring.take({ ...demandOf(state, ring, request), except: null }, state.random());
};

const demandOf = (
  { config, clock }: KeyState,
  { countsTokens }: KeyRing,
  request: KeyRequest,
): { readonly tokens: number; readonly nowMs: number } => ({
  tokens: countsTokens ? mostTokens(request, config.budgets) : 0,
  nowMs: clock.monotonicMs(),
});

const mostTokens = (
  { surface, chat, body }: KeyRequest,
  { maxOutputTokens, outsideInputTokens }: GatewayState["config"]["budgets"],
): number => {
  const { input, output } = tokenBounds({
    chat,
    operation: surface.operation,
    body,
    maxOutput: askedOutput(chat) ?? maxOutputTokens,
    outsideInput: outsideInputTokens,
  });
  return input + output;
};
