import type { Clock } from "../../core/clock.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { Refusal } from "../refusal.ts";
import type { Admission, BudgetDemands, BudgetHold, BudgetRequest } from "./admission.ts";
import { askedTargets } from "./asked-targets.ts";
import type { BudgetConfig } from "./budget-config.ts";
import { BudgetKeeper } from "./budget-keeper.ts";
import { compileRules, rulesFor } from "./budget-rule.ts";
import type { BudgetTable } from "./budget-table.ts";
import { BudgetVoice, limitText } from "./budget-voice.ts";
import { chargedAmounts } from "./charged-amounts.ts";
import type { Reservation } from "./reserve.ts";
import { release, reserve, reserveBeside, retry, settle } from "./reserve.ts";
import { hearTotal, isShared, ownTotals } from "./shared-spending.ts";
import type { OwnTotal, SpentTotal } from "./spent-totals.ts";
import { SpentTotals } from "./spent-totals.ts";
import type { CallOwner } from "./subjects-of.ts";
import { nameAt, subjectsOf } from "./subjects-of.ts";
import type { PriceBook } from "./token-prices.ts";
import { priceKey, worstNanos } from "./token-prices.ts";

/** What budgets work with. */
export interface BudgetsDeps {
  readonly config: BudgetConfig;
  /** Key of the hash that stands for a user on disk. */
  readonly userHashKey: string;
  /** Where spending is kept; null keeps it in memory alone. */
  readonly file: string | null;
  readonly gatewayId: string;
  readonly prices: PriceBook;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

const noDemands: BudgetDemands = { isCounted: false, boundsOutput: false, needsPrice: false };

/** Lets calls in while their worst case is within every budget, and counts what they came to. */
export class Budgets {
  readonly #deps: BudgetsDeps;
  readonly #keeper: BudgetKeeper;
  readonly #voice: BudgetVoice;
  readonly #table: BudgetTable;
  #prices: PriceBook;

  constructor(deps: BudgetsDeps) {
    this.#deps = deps;
    this.#voice = new BudgetVoice(deps);
    this.#prices = deps.prices;
    const onError = (error: unknown): void => this.#voice.tellFailure(error);
    this.#keeper = new BudgetKeeper({ ...deps, isShared: isShared(deps.config), onError });
    const levels = compileRules(deps.config);
    this.#table = { levels, accounts: new Map(), totals: new SpentTotals() };
    const nowMs = deps.clock.nowMs();
    for (const total of levels.length === 0 ? [] : this.#keeper.load(nowMs)) {
      this.#table.totals.take(total, nowMs);
    }
  }

  /** What the limits that a call falls under ask for; a gateway without any is asked in no time. */
  demandsOn(owner: CallOwner): BudgetDemands {
    const { levels } = this.#table;
    if (levels.length === 0) {
      return noDemands;
    }
    const rules = levels.flatMap((level) => rulesFor(level, nameAt(level.level, owner)));
    const hard = rules.filter(({ isHard }) => isHard);
    return {
      isCounted: rules.length > 0,
      boundsOutput: hard.some(({ unit }) => unit !== "requests"),
      needsPrice: this.#deps.config.unpriced === "refuse" && hard.some(({ unit }) => unit === "nanos"),
    };
  }

  /** Takes other prices, as when the routes have changed. */
  reprice(prices: PriceBook): void {
    this.#prices = prices;
  }

  /** Reserves the worst case of a call in every budget that it falls under, whichever target of its route serves it. */
  admit(request: BudgetRequest): Admission {
    const worst = this.#worstOf(request);
    if (worst === null) {
      return { ok: false, outcome: null, refusal: unpriced(request.model) };
    }
    const nowMs = this.#deps.clock.nowMs();
    const subjects = subjectsOf(request, this.#table.levels, this.#deps.userHashKey);
    const reserved = reserve(this.#table, { subjects, worst }, nowMs);
    if (!reserved.ok) {
      this.#voice.tellRefused(reserved.by);
      const isRate = reserved.by.rule.unit !== "nanos";
      return {
        ok: false,
        outcome: isRate ? "rate_limited" : "over_budget",
        refusal: { code: isRate ? "budget.rate" : "budget.exceeded", message: limitText(reserved.by), param: null },
        retryAfterS: Math.max(1, Math.ceil(reserved.retryAfterMs / 1_000)),
      };
    }
    for (const counter of reserved.over) {
      this.#voice.tellOver(counter);
    }
    return { ok: true, hold: this.#hold(reserved.reservation, nowMs) };
  }

  /** Most that a call can cost at the target `provider/model`, in nano-dollars; null where no price is known of it. */
  worstAt(target: string, bounds: BudgetRequest["bounds"]): number | null {
    const prices = this.#prices.get(target);
    return prices === undefined ? null : worstNanos(prices, bounds(prices.contextWindow));
  }

  /** What this process has spent of budgets in dollars whose windows are not over. */
  ownTotals(): readonly OwnTotal[] {
    return ownTotals(this.#table, this.#deps.gatewayId, this.#deps.clock.nowMs());
  }

  /** What is known of others. */
  othersTotals(): readonly SpentTotal[] {
    return this.#table.totals.all(this.#deps.clock.nowMs());
  }

  /** Takes in what another gateway has spent; what this one has is known here. */
  hear(total: SpentTotal): void {
    if (total.gatewayId !== this.#deps.gatewayId) {
      hearTotal(this.#table, total, this.#deps.clock.nowMs());
    }
  }

  /** Writes down what was spent exactly. */
  stop(): void {
    this.#keeper.finish(this.#table, this.#deps.clock.nowMs());
  }

  #hold(reservation: Reservation, nowMs: number): BudgetHold {
    const counters = reservation.holds.map(({ counter }) => counter);
    this.#keeper.keep(this.#table, counters, nowMs);
    return {
      release: () => release(reservation),
      beside: () => {
        const second = reserveBeside(reservation);
        return second === null ? null : this.#hold(second, this.#deps.clock.nowMs());
      },
      retry: (end, target) => {
        const isIn = retry(reservation, chargedAmounts(end, reservation, this.#prices.get(target)));
        this.#keeper.keep(this.#table, counters, this.#deps.clock.nowMs());
        return isIn;
      },
      settle: (end, target) => {
        if (!reservation.isOpen) {
          return;
        }
        const actual = chargedAmounts(end, reservation, this.#prices.get(target));
        settle(reservation, actual);
        if (actual.nanos > reservation.reserved.nanos) {
          this.#deps.meter.add("budgetUnderestimated", 1);
          this.#keeper.keep(this.#table, counters, this.#deps.clock.nowMs());
        }
      },
    };
  }

  /** Null when a price is needed and not known. */
  #worstOf({
    route,
    model,
    bounds,
    needsPrice,
  }: BudgetRequest): { readonly nanos: number; readonly tokens: number } | null {
    let nanos = 0;
    let tokens = 0;
    for (const target of askedTargets(route)) {
      const prices = this.#prices.get(priceKey(target.provider, target.model ?? model));
      if (prices === undefined && needsPrice) {
        return null;
      }
      const most = bounds(prices?.contextWindow ?? null);
      tokens = Math.max(tokens, Math.min(most.input + most.output, exactly));
      nanos = Math.max(nanos, prices === undefined ? 0 : Math.min(worstNanos(prices, most), exactly));
    }
    return { nanos, tokens };
  }
}

/** A million dollars in nano-dollars: the largest limit; sums of such amounts are still exact. */
const exactly = 1e15;

const unpriced = (model: string): Refusal => ({
  code: "budget.unpriced",
  message: `No price is known of the model '${model}', and a budget in dollars must hold.`,
  param: "model",
});
