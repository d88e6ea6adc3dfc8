import { createHmac, hash } from "node:crypto";
import type { AttemptPlan } from "./attempts/attempt-plan.ts";
import type { CallStart } from "./call-recorder.ts";
import type { CallerHeaders } from "./caller-headers.ts";
import type { ChatRequest } from "./chat-request.ts";
import { systemText } from "./input-messages.ts";
import type { VirtualKey } from "./keys/key-table.ts";
import type { Pick } from "./pick-target.ts";
import type { Route } from "./route-table.ts";
import type { Surface } from "./surfaces/surface.ts";

/** A request that has found its way: everything decided about a call before it starts. */
export interface CallPlan {
  readonly surface: Surface;
  readonly chat: ChatRequest;
  readonly headers: CallerHeaders;
  /** What the caller sent. */
  readonly body: Buffer;
  /** Null where no key is asked for. */
  readonly key: VirtualKey | null;
  readonly route: Route;
  /** Output tokens that the gateway allows, where the caller named no number; else null. */
  readonly imposedMaxTokens: number | null;
  readonly policyVersion: string;
  readonly pick: Pick;
  /** Where the first attempt goes: to the target picked, unless a canary's arm could not take the call. */
  readonly first: AttemptPlan;
  /** Key of the user hash; null keeps none. */
  readonly userHashKey: string | null;
}

/** Hex characters kept of a hash: 128 bits. */
const hashLength = 32;

/** What is recorded of a call when it starts. */
export const callStart = (plan: CallPlan): CallStart => {
  const { chat, headers, pick } = plan;
  const { provider } = plan.first;
  const system = systemText(chat.messages);
  const { tools } = chat.members;
  return {
    traceparent: headers.traceparent,
    tracestate: headers.tracestate,
    operation: plan.surface.operation,
    tenant: headers.tenant,
    keyId: plan.key?.id ?? null,
    userHash: hashUser(chat.user, plan.userHashKey),
    session: headers.session,
    feature: headers.feature,
    route: plan.route.name,
    variant: pick.target.variant,
    routeReason: pick.reason,
    policyVersion: plan.policyVersion,
    provider: provider.providerName(chat),
    modelRequested: chat.model,
    modelPinned: pick.target.pin,
    isStream: chat.isStream,
    maxTokens: chat.maxTokens,
    imposedMaxTokens: plan.imposedMaxTokens,
    temperature: chat.temperature,
    systemPromptHash: system === null ? null : shortHash(system),
    toolsHash: Array.isArray(tools) && tools.length > 0 ? shortHash(JSON.stringify(tools)) : null,
    serverAddress: provider.serverAddress,
    serverPort: provider.serverPort,
  };
};

const shortHash = (text: string): string => hash("sha256", text).slice(0, hashLength);

const hashUser = (user: string | null, key: string | null): string | null =>
  user === null || user === "" || key === null
    ? null
    : createHmac("sha256", key).update(user).digest("hex").slice(0, hashLength);
