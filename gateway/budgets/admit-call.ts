import { estimateTokens } from "../../core/usage.ts";
import type { CallPlan } from "../call-start.ts";
import type { GatewayState } from "../gateway-state.ts";
import { inputText } from "../input-messages.ts";
import type { Refusal } from "../refusal.ts";
import type { BudgetHold, RefusedCall } from "./admission.ts";
import { askedOutput, limitOutput } from "./output-limit.ts";
import { tokenBounds } from "./token-bounds.ts";

/** A call with its request, before it is let in. */
export interface Planned {
  readonly plan: CallPlan;
  /** The caller's request. */
  readonly body: Buffer;
}

/** A call that may be sent, with a bound on its output where it needed one; or why it may not. */
export type CallAdmission =
  | (Planned & {
      readonly ok: true;
      /** Null where no budget counts the call. */
      readonly hold: BudgetHold | null;
    })
  | RefusedCall;

/** Lets a call in: it must keep the caps of its key and route, and its worst case must be within every budget. */
export const admitCall = (
  { budgets, config }: Pick<GatewayState, "budgets" | "config">,
  planned: Planned,
): CallAdmission => {
  const { plan } = planned;
  const owner = { key: plan.key, user: plan.chat.user };
  const demands = budgets.demandsOn(owner);
  const asked = plan.surface.operation === "chat" ? askedOutput(plan.chat) : 0;
  const caps = { input: least(plan, "maxInputTokens"), output: least(plan, "maxOutputTokens") };
  const refusal = overCap(plan, asked, caps);
  if (refusal !== null) {
    return { ok: false, outcome: null, refusal };
  }
  const fallback = config.budgets.maxOutputTokens;
  const imposed = asked === null ? (caps.output ?? (demands.boundsOutput ? fallback : null)) : null;
  const limited = imposed === null ? planned : impose(planned, imposed);
  if (!demands.isCounted) {
    return { ok: true, ...limited, hold: null };
  }
  const { chat, surface } = limited.plan;
  const admission = budgets.admit({
    ...owner,
    needsPrice: demands.needsPrice,
    route: plan.route,
    model: chat.model,
    bounds: (contextWindow) =>
      tokenBounds({
        chat,
        operation: surface.operation,
        body: limited.body,
        maxOutput: asked ?? imposed ?? fallback,
        outsideInput: contextWindow ?? config.budgets.outsideInputTokens,
      }),
  });
  return admission.ok ? { ok: true, ...limited, hold: admission.hold } : admission;
};

/** The lower of the caps of key and route; null where neither has one. */
const least = ({ key, route }: CallPlan, name: "maxInputTokens" | "maxOutputTokens"): number | null => {
  const caps = [key?.[name] ?? null, route[name]].filter((cap) => cap !== null);
  return caps.length === 0 ? null : Math.min(...caps);
};

const impose = ({ plan, body }: Planned, most: number): Planned => {
  const by = { wire: plan.first.wire, serverAddress: plan.first.provider.serverAddress };
  const limited = limitOutput({ chat: plan.chat, body }, most, by);
  return { plan: { ...plan, chat: limited.chat, imposedMaxTokens: most }, body: limited.body };
};

const overCap = (
  { chat }: CallPlan,
  asked: number | null,
  caps: { readonly input: number | null; readonly output: number | null },
): Refusal | null => {
  if (asked !== null && caps.output !== null && asked > caps.output) {
    return refuse(`The call asks for ${asked} output tokens, and may have ${caps.output}.`, "max_tokens");
  }
  if (caps.input === null) {
    return null;
  }
  const input = estimateTokens(inputText(chat.messages));
  return input > caps.input
    ? refuse(`The input is about ${input} tokens long, and may have ${caps.input}.`, null)
    : null;
};

const refuse = (message: string, param: string | null): Refusal => ({ code: "request.over_cap", message, param });
