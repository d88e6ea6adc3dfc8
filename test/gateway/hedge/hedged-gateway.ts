import type { VirtualClock } from "../../support/virtual-clock.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import type { HearingMeter } from "../policy/hearing-meter.ts";
import { hearingMeter } from "../policy/hearing-meter.ts";
import type { MockUpstream, UpstreamScript } from "../support/mock-upstream.ts";
import { startStream, startUpstream } from "../support/mock-upstream.ts";
import { delta } from "../support/openai-bytes.ts";
import type { TestGateway, TestGatewayArgs } from "../support/test-gateway.ts";
import { hello, providerAt, startTestGateway } from "../support/test-gateway.ts";

/** One answer of an upstream that a test writes as it goes. */
export interface Told {
  /** Resolves when the upstream has the request. */
  readonly asked: Promise<void>;
  /** Writes bytes once the request is there. */
  readonly say: (bytes: string) => Promise<void>;
  /** Ends the answer. */
  readonly finish: (bytes?: string) => Promise<void>;
  /** Breaks the connection off. */
  readonly cut: () => Promise<void>;
  /** Resolves when its connection was closed or its answer has ended. */
  readonly closed: Promise<void>;
}

/** What a hedged call is asked of. */
export interface Hedged extends AsyncDisposable {
  readonly system: TestGateway;
  readonly spare: MockUpstream;
  readonly clock: VirtualClock;
  /** The first answers of the target picked, and of the one beside it. */
  readonly first: Told;
  readonly second: Told;
  readonly counts: HearingMeter["counts"];
  readonly heard: HearingMeter["heard"];
}

/** What a test changes. */
export interface HedgedArgs {
  /** Over `afterMs: 500, maxShare: 1`. */
  readonly hedge?: object;
  /** Over the settings of the route. */
  readonly route?: object;
  /** Over both provider entries. */
  readonly provider?: object;
  readonly config?: object;
  /** Further routes. */
  readonly routes?: object;
  readonly deps?: TestGatewayArgs["deps"];
}

/** A streamed request. */
export const streaming = { ...hello, stream: true } as const;
/** The bytes that come before any content. */
export const role = delta({ role: "assistant", content: "" });

/** A gateway whose route hedges every call after half a second, before two upstreams that answer as the test says. */
export const startHedged = async (args: HedgedArgs = {}): Promise<Hedged> => {
  const clock = virtualClock();
  const first = told();
  const second = told();
  const { meter, counts, heard } = hearingMeter();
  const spare = await startUpstream(second.script);
  const targets = [{ provider: "up" }, { provider: "spare", model: "up-2", weight: 0 }];
  const system = await startTestGateway({
    script: first.script,
    provider: { ...args.provider },
    providers: { spare: providerAt(spare.port, args.provider) },
    deps: { clock, meter, ...args.deps },
    config: {
      routes: {
        main: {
          models: ["up-1"],
          targets,
          fallback: ["spare/up-2"],
          hedge: { afterMs: 500, maxShare: 1, ...args.hedge },
          ...args.route,
        },
        ...args.routes,
      },
      ...args.config,
    },
  });
  const stop = async (): Promise<void> => {
    await system[Symbol.asyncDispose]();
    await spare.close();
  };
  return { system, spare, clock, first, second, counts, heard, [Symbol.asyncDispose]: stop };
};

const told = (): Told & { readonly script: UpstreamScript } => {
  const response = Promise.withResolvers<Parameters<UpstreamScript>[0]>();
  const closed = Promise.withResolvers<void>();
  return {
    script: (answer) => {
      answer.once("close", () => closed.resolve());
      startStream(answer);
      response.resolve(answer);
    },
    asked: response.promise.then(() => {}),
    say: async (bytes) => void (await response.promise).write(bytes),
    finish: async (bytes = "") => void (await response.promise).end(bytes),
    cut: async () => void (await response.promise).destroy(),
    closed: closed.promise,
  };
};
