import type { AttemptPlan } from "./attempts/attempt-plan.ts";
import type { CallerHeaders } from "./caller-headers.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { GatewayState } from "./gateway-state.ts";
import { balance } from "./health/balance.ts";
import { pickInCanary } from "./pick-in-canary.ts";
import type { Pick } from "./pick-target.ts";
import { pickWire } from "./pick-wire.ts";
import type { Refusal } from "./refusal.ts";
import type { Route, Target } from "./route-table.ts";
import type { Surface } from "./surfaces/surface.ts";

/** What a call asks for. */
export interface ChooseArgs {
  readonly surface: Surface;
  readonly chat: ChatRequest;
  readonly headers: CallerHeaders;
  readonly route: Route;
}

/** Who the call is for, and where its first attempt goes: elsewhere only where a canary's arm cannot take it. */
export type Choice =
  | { readonly ok: true; readonly pick: Pick; readonly first: AttemptPlan }
  | { readonly ok: false; readonly refusal: Refusal };

type State = Omit<GatewayState, "routes">;

/** Chooses the target of a call among those that can serve it; those whose breaker is open only when all are. */
export const chooseTarget = (state: State, args: ChooseArgs): Choice =>
  args.route.canary === null ? chooseBalanced(state, args) : chooseInCanary(state, args);

const chooseBalanced = (state: State, args: ChooseArgs): Choice => {
  const { route } = args;
  let left = route.targets;
  let refused: Choice | null = null;
  let asleep: Choice | null = null;
  for (let pick = pickFrom(state, route, left); pick !== null; pick = pickFrom(state, route, left)) {
    const { target } = pick;
    const choice = planFor(state, args, pick);
    if (!choice.ok) {
      refused ??= choice;
    } else if (mayTake(state, target)) {
      return choice;
    } else {
      asleep ??= { ...choice, pick: { target, reason: `${pick.reason}; every breaker open` } };
    }
    left = left.filter((each) => each !== target);
  }
  return asleep ?? refused ?? noTarget(route);
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
  for (const target of route.fallbacks.get(pick.target.variant) ?? []) {
    const why = own.ok ? "its breaker is open" : "it cannot serve the request";
    const stand = planFor(state, args, { target, reason: `${pick.reason}; ${target.variant} because ${why}` });
    if (stand.ok && mayTake(state, target)) {
      return { ...stand, pick: { target: pick.target, reason: stand.pick.reason } };
    }
  }
  return own;
};

const mayTake = ({ health, clock }: State, target: Target): boolean => health.of(target).mayTake(clock.monotonicMs());

const planFor = (state: State, { surface, chat, route }: ChooseArgs, pick: Pick): Choice => {
  const { target } = pick;
  const provider = state.providers.get(target.provider);
  if (provider === undefined) return noTarget(route);
  const picked = pickWire({ surface, chat, provider, providerKey: target.provider });
  return picked.ok ? { ok: true, pick, first: { target, provider, wire: picked.wire } } : picked;
};

const noTarget = ({ name }: Route): Choice => {
  const message = `The route "${name}" has no target.`;
  return { ok: false, refusal: { code: "request.unknown_route", message, param: null } };
};
