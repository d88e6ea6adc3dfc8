import { join } from "node:path";
import type { PriceBook } from "../../../gateway/budgets/token-prices.ts";
import { answerJson } from "../support/mock-upstream.ts";
import { completion } from "../support/openai-bytes.ts";
import type { TestGateway, TestGatewayArgs } from "../support/test-gateway.ts";
import { startTestGateway } from "../support/test-gateway.ts";
import { prices } from "./spending.ts";

/** What a test changes. */
export interface LimitedGatewayArgs extends TestGatewayArgs {
  /** Where spending is kept. */
  readonly dir: string;
  readonly limits: readonly object[];
  /** Settings of budgets beside the limits. */
  readonly budgets?: object;
  readonly gatewayId?: string;
  readonly prices?: PriceBook;
}

/** Starts a gateway with limits before an upstream whose answers have 10 input and 20 output tokens. */
export const startLimited = ({ dir, limits, budgets, ...args }: LimitedGatewayArgs): Promise<TestGateway> =>
  startTestGateway({
    script: answerJson(completion("ok", { prompt_tokens: 10, completion_tokens: 20 })),
    ...args,
    config: { budgets: { limits, ...budgets }, ...args.config },
    deps: {
      ...args.deps,
      spending: {
        prices: args.prices ?? prices,
        file: join(dir, "budgets.jsonl"),
        gatewayId: args.gatewayId ?? "gateway-1",
      },
    },
  });
