import { systemClock } from "../../../core/clock.ts";
import { silentMeter } from "../../../core/instruments.ts";
import { silentLog } from "../../../core/log.ts";
import type { CallEnd } from "../../../gateway/call-recorder.ts";
import { gatewayConfig } from "../../../gateway/config.ts";
import type { Gateway, GatewayDeps } from "../../../gateway/gateway.ts";
import { createGateway } from "../../../gateway/gateway.ts";
import { openMemoryBus } from "../../support/memory-bus.ts";
import type { CallerRequest, CallerResponse, OpenResponse } from "./caller.ts";
import { ask, open } from "./caller.ts";
import type { KeptCalls } from "./kept-calls.ts";
import { keptCalls } from "./kept-calls.ts";
import type { MockUpstream, UpstreamScript } from "./mock-upstream.ts";
import { startUpstream } from "./mock-upstream.ts";

/** A gateway before a scripted upstream, with everything it recorded. */
export interface TestGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly upstream: MockUpstream;
  readonly recorded: KeptCalls;
  readonly port: number;
  readonly ask: (request: Omit<CallerRequest, "port">) => Promise<CallerResponse>;
  readonly open: (request: Omit<CallerRequest, "port">) => Promise<OpenResponse>;
}

/** What a test changes. */
export interface TestGatewayArgs {
  readonly script?: UpstreamScript;
  /** Settings of the provider entry `up`, over its address and key. */
  readonly provider?: object;
  /** The whole provider entry `up`, for the address that the upstream has; absent means one of kind `openai`. */
  readonly providerAt?: (baseUrl: string) => object;
  /** Further provider entries. */
  readonly providers?: Readonly<Record<string, object>>;
  /** Settings, over a route `main` that serves `up-1` by the upstream. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly deps?: Partial<GatewayDeps>;
  readonly onEnd?: (end: CallEnd) => void;
}

/** The provider entry for an upstream. */
export const providerAt = (port: number, more: object = {}): object => ({
  kind: "openai",
  baseUrl: `http://127.0.0.1:${port}/v1`,
  apiKey: "sk-provider-key",
  ...more,
});

/** Starts an upstream and a gateway before it, both on free ports; disposing of it stops both. */
export const startTestGateway = async (args: TestGatewayArgs = {}): Promise<TestGateway> => {
  const upstream = await startUpstream(args.script ?? ((response) => void response.end()));
  const recorded = keptCalls(args.onEnd);
  const config = gatewayConfig.parse({
    port: 0,
    drainMs: 0,
    providers: {
      ...args.providers,
      up: args.providerAt?.(`http://127.0.0.1:${upstream.port}`) ?? providerAt(upstream.port, args.provider),
    },
    routes: { main: { models: ["up-1"], targets: [{ provider: "up" }] } },
    ...args.config,
  });
  const gateway = createGateway({
    config,
    recorder: recorded,
    bus: openMemoryBus({ clock: systemClock }),
    hasRoom: () => ({ ok: true }),
    clock: systemClock,
    random: () => 0.5,
    log: silentLog,
    meter: silentMeter,
    metricsText: () => "metrics 1\n",
    ...args.deps,
  });
  const { port } = await gateway.listen();
  return {
    gateway,
    upstream,
    recorded,
    port,
    ask: (request) => ask({ port, ...request }),
    open: (request) => open({ port, ...request }),
    [Symbol.asyncDispose]: async () => {
      await gateway.drain();
      await upstream.close();
    },
  };
};

/** A smallest request. */
export const hello = { model: "up-1", messages: [{ role: "user", content: "Say hello." }] } as const;
