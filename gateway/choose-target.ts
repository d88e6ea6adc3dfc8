import type { AttemptPlan } from "./attempts/attempt-plan.ts";
import type { CallerHeaders } from "./caller-headers.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { GatewayState } from "./gateway-state.ts";
import { balance } from "./health/balance.ts";
import { pickInCanary } from "./pick-in-canary.ts";
import type { Pick } from "./pick-target.ts";
import { pickWire } from "./pick-wire.ts";
import { keyFailure } from "./provider-keys/key-failure.ts";
import { keyObstacle } from "./provider-keys/take-key.ts";
import type { Refusal } from "./refusal.ts";
import type { Route, Target } from "./route-table.ts";
import type { Surface } from "./surfaces/surface.ts";

/** What a call asks for. */
export interface ChooseArgs {
  readonly surface: Surface;
  readonly chat: ChatRequest;
  readonly headers: CallerHeaders;
  readonly route: Route;
  /** What the caller sent. */
  readonly body: Buffer;
}

/** Who the call is for, and where its first attempt goes: elsewhere only where the one picked cannot take it. */
export interface Chosen {
  readonly pick: Pick;
  readonly first: AttemptPlan;
}

/** Where a call goes, or why it goes nowhere; `held` is a choice that only the keys of its provider stand against. */
export type Choice =
  | (Chosen & { readonly ok: true })
  | { readonly ok: false; readonly refusal: Refusal; readonly held: null }
  | Held;

interface Held {
  readonly ok: false;
  readonly refusal: Refusal;
  readonly held: HeldChoice;
}

/** A choice that has to wait for a key of its provider. */
export interface HeldChoice extends Chosen {
  readonly outcome: "rate_limited" | "provider_error";
  readonly waitMs: number;
}

type State = Omit<GatewayState, "routes">;

/** Chooses the target of a call among those that can serve it; those whose breaker is open only when all are. */
export const chooseTarget = (state: State, args: ChooseArgs): Choice =>
  args.route.canary === null ? chooseBalanced(state, args) : chooseInCanary(state, args);

const chooseBalanced = (state: State, args: ChooseArgs): Choice => {
  const { route } = args;
  let left = route.targets;
  let refused: Choice | null = null;
  let held: Held | null = null;
  let asleep: Choice | null = null;
  for (let pick = pickFrom(state, route, left); pick !== null; pick = pickFrom(state, route, left)) {
    const { target } = pick;
    const choice = planFor(state, args, pick);
    if (!choice.ok) {
      refused ??= choice;
      held ??= choice.held === null ? null : choice;
    } else if (mayTake(state, target)) {
      return choice;
    } else {
      state.meter.add("gatewayPassedOver", 1, { route: route.name, reason: "breaker_open" });
      asleep ??= { ...choice, pick: { target, reason: `${pick.reason}; every breaker open` } };
    }
    left = left.filter((each) => each !== target);
  }
  if (asleep !== null || held === null) return asleep ?? refused ?? noTarget(route);
  return standInFor(state, args, { pick: held.held.pick, why: "no key is left" }) ?? held;
};

const standInFor = (
  state: State,
  args: ChooseArgs,
  { pick, why }: { readonly pick: Pick; readonly why: string },
): Choice | null => {
  for (const target of args.route.fallbacks.get(pick.target.variant) ?? []) {
    const reason = `${pick.reason}; ${target.variant} because ${why}`;
    const stand = planFor(state, args, { target, reason });
    if (stand.ok && mayTake(state, target)) return { ...stand, pick: { target: pick.target, reason } };
  }
  return null;
};

const pickFrom = ({ health, random }: State, route: Route, targets: readonly Target[]): Pick | null =>
  balance({ balance: route.balance, targets, health, random });

/** An arm keeps its calls in the record whoever answers them: else the arms could not be compared. */
const chooseInCanary = (state: State, args: ChooseArgs): Choice => {
  const { route, chat, headers } = args;
  const { canary } = route;
  const { random } = state;
  const pick = canary === null ? null : pickInCanary({ ...headers, canary, user: chat.user, random });
  if (pick === null) return noTarget(route);
  const own = planFor(state, args, pick);
  if (own.ok && mayTake(state, pick.target)) return own;
  return standInFor(state, args, { pick, why: whyNot(own) }) ?? own;
};

const whyNot = (own: Choice): string => {
  if (own.ok) return "its breaker is open";
  return own.held === null ? "it cannot serve the request" : "no key is left";
};

const mayTake = ({ health, clock }: State, target: Target): boolean => health.of(target).mayTake(clock.monotonicMs());

const planFor = (state: State, args: ChooseArgs, pick: Pick): Choice => {
  const { surface, chat, route } = args;
  const { target } = pick;
  const provider = state.providers.get(target.provider);
  if (provider === undefined) return noTarget(route);
  const picked = pickWire({ surface, chat, provider, providerKey: target.provider });
  if (!picked.ok) {
    state.meter.add("gatewayPassedOver", 1, { route: route.name, reason: "unsupported" });
    return { ...picked, held: null };
  }
  const chosen = { pick, first: { target, provider, wire: picked.wire } };
  const obstacle = keyObstacle(state, { ...args, provider: target.provider });
  if (obstacle === null) return { ok: true, ...chosen };
  const { reason, waitMs } = obstacle;
  state.meter.add("gatewayPassedOver", 1, { route: route.name, reason });
  const { ending, refusal } = keyFailure(obstacle, target.provider);
  return { ok: false, refusal, held: { ...chosen, outcome: ending.outcome, waitMs } };
};

const noTarget = ({ name }: Route): Choice => {
  const message = `The route "${name}" has no target.`;
  return { ok: false, refusal: { code: "request.unknown_route", message, param: null }, held: null };
};
