import type { AttemptRunnerArgs } from "../attempts/attempt-runner.ts";

/** Tells that something was thrown by one of two attempts, whose call goes on with the other. */
export const tellCrash = ({ state, call }: Pick<AttemptRunnerArgs, "state" | "call">, error: unknown): void =>
  state.log.error({ err: error, callId: call.callId }, "one of two attempts at a call failed inside the gateway");
