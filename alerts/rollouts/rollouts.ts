import type { Clock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import type { Ids } from "../../core/ids.ts";
import type { Store } from "../../store/store.ts";
import type { KeptState, Look, LookTaker, UnitsWanted } from "../looks/look.ts";
import type { RoutesNow } from "../verdicts/route-plan.ts";
import type { VerdictDesk } from "../verdicts/verdict-desk.ts";
import { hashOfArms } from "./arms-of.ts";
import type { End } from "./end-rollout.ts";
import { endRollout } from "./end-rollout.ts";
import { grantShare, orderShare } from "./grant-share.ts";
import { heldFor } from "./may-lapse.ts";
import { mendShare } from "./mend-share.ts";
import { externalOf, isInTheWay, openRollout } from "./open-rollout.ts";
import { passStage } from "./pass-stage.ts";
import { retireShares } from "./retire-shares.ts";
import type { Rollout } from "./rollout.ts";
import { isForgettable, isUnderWay, shareOf } from "./rollout.ts";
import { RolloutBook } from "./rollout-book.ts";
import { ownVerdict } from "./rollout-effect.ts";
import { RolloutVoice } from "./rollout-voice.ts";
import type { RolloutsConfig } from "./rollouts-config.ts";
import type { StartRollout } from "./start-rollout.ts";
import { grantWish } from "./step-rollout.ts";
import { takeLook } from "./take-look.ts";
import { unitsWantedOf } from "./units-wanted.ts";
import { movesTraffic } from "./wish-of.ts";

/** What canaries are run with. */
export interface RolloutsDeps {
  readonly desk: Pick<VerdictDesk, "propose" | "inForce" | "retire" | "list">;
  readonly routes: RoutesNow;
  readonly config: RolloutsConfig;
  /** Keeps states at once, beside those that go with a look. */
  readonly keep: (states: readonly KeptState[]) => Promise<void>;
  readonly store: Pick<Store, "saveEvents">;
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Runs canaries: judges each by every look, and asks the desk for what follows. What it wants is kept before it is asked for, and
 * what it was granted stands in the desk's memory, so that a crash in between repeats nothing and forgets nothing.
 */
export class Rollouts implements LookTaker {
  readonly #deps: RolloutsDeps;
  readonly #book: RolloutBook;
  readonly #voice: RolloutVoice;
  #heldRoutes: ReadonlySet<string | null> = new Set();

  constructor(deps: RolloutsDeps) {
    this.#deps = deps;
    this.#book = new RolloutBook(deps.keep);
    this.#voice = new RolloutVoice(deps.store);
  }

  get prefix(): string {
    return this.#book.prefix;
  }

  /** All canaries that are remembered, the latest first. */
  list(): readonly Rollout[] {
    return this.#book.list();
  }

  /** One canary; throws `canary.unknown` when there is none of that id. */
  find(id: string): Rollout {
    return this.#book.find(id);
  }

  /** Starts a canary; throws `canary.refused` when it cannot be, such as while another runs on the route. */
  async start(asked: StartRollout): Promise<Rollout> {
    const { clock, ids, config } = this.#deps;
    const routes = this.#deps.routes();
    const running = this.list().find((each) => isInTheWay(each, asked));
    if (running !== undefined) {
      throw new PlumblineError("canary.refused", `The canary "${running.id}" runs on the route "${asked.route}".`);
    }
    const route = routes.find(({ name }) => name === asked.route) ?? null;
    const opened = openRollout({
      id: ids.next(),
      asked,
      route,
      config,
      hash: hashOfArms(routes, { ...asked, external: externalOf(asked) }) ?? "",
      nowMs: clock.nowMs(),
    });
    await this.#change(null, opened, `started: plan ${opened.planName}`);
    await orderShare(this.#deps.desk, opened, {
      action: "start",
      share: shareOf(opened),
      reason: `the canary ${opened.id} starts`,
    });
    return opened;
  }

  /** Takes a canary back, whatever it was judged to be; one that has ended stays as it is. */
  async abort(id: string, reason: string): Promise<Rollout> {
    return this.#end(id, { action: "rollback", share: 0, status: "aborted", reason });
  }

  /** Gives a canary all traffic, whatever it was judged to be; one that was taken back stays as it is. */
  async promote(id: string, reason: string): Promise<Rollout> {
    return this.#end(id, { action: "promote", share: 1, status: "promoted", reason });
  }

  /** Takes down the outcome of an eval of the candidate; of two with one name the later holds. */
  async recordEval(id: string, outcome: { readonly name: string; readonly isPassed: boolean }): Promise<Rollout> {
    const found = this.find(id);
    const others = found.evals.filter(({ name }) => name !== outcome.name);
    const next = { ...found, evals: [...others, { ...outcome, atMs: this.#deps.clock.nowMs() }] };
    await this.#change(found, next, `the eval ${outcome.name} ${outcome.isPassed ? "passed" : "failed"}`);
    return next;
  }

  /** Uses up that the stage of a rollout by others was passed. Of many who ask at once one is answered true. */
  async pass(id: string): Promise<boolean> {
    const found = this.find(id);
    const next = this.#isHeld(found) ? null : passStage(found, this.#deps.clock.nowMs());
    if (next !== null && next !== found) {
      await this.#change(found, next, next.says);
    }
    return next !== null;
  }

  /** Canaries on these routes take no step forward until others are named; null holds all of them. */
  holdRoutes(routes: readonly (string | null)[]): void {
    this.#heldRoutes = new Set(routes);
  }

  load(kept: readonly KeptState[]): void {
    this.#book.load(kept);
  }

  unitsWanted(toMs: number): readonly UnitsWanted[] {
    return this.list().flatMap((each) => unitsWantedOf(each, toMs));
  }

  take(look: Look): readonly KeptState[] {
    const { config, desk } = this.#deps;
    const routes = this.#deps.routes();
    const isOld = (each: Rollout) => isForgettable(each, look.toMs, config.keptDays) && ownVerdict(desk, each) === null;
    const forgotten = this.#book.forget(isOld);
    const stepped = this.list()
      .filter(isUnderWay)
      .map((before) => takeLook(before, look, routes));
    return [...forgotten, ...this.#book.write(stepped)];
  }

  async act({ fromMs, toMs }: Look): Promise<void> {
    for (const each of this.list()) {
      await mendShare(this.#deps.desk, each, fromMs);
      if (isUnderWay(each)) {
        await this.#follow(each);
        await this.#voice.tell(each, toMs);
      }
    }
    await retireShares({ desk: this.#deps.desk, routes: this.#deps.routes() }, this.list());
  }

  /** Asks for what a canary wants, and goes on from there once it is granted. */
  async #follow(each: Rollout): Promise<void> {
    const { wish } = each;
    const isBarred = wish !== null && this.#isHeld(each) && wish.share > shareOf(each);
    if (wish === null || isBarred || (movesTraffic(each, wish) && !(await grantShare(this.#deps.desk, each, wish)))) {
      return;
    }
    // Somebody may have ended it, or posted an eval, while the desk decided.
    const now = this.find(each.id);
    if (now.wish === wish) {
      await this.#change(now, this.#held(grantWish(now, wish, this.#deps.clock.nowMs())), wish.reason);
    }
  }

  #isHeld({ route }: Rollout): boolean {
    return this.#heldRoutes.has(null) || this.#heldRoutes.has(route);
  }

  async #end(id: string, end: End): Promise<Rollout> {
    const found = this.find(id);
    const next = this.#held(endRollout(found, end, this.#deps.clock.nowMs()));
    await this.#change(found, next, end.reason);
    await orderShare(this.#deps.desk, next, end);
    return next;
  }

  /** One that is over, with what its last share was decided for. */
  #held(each: Rollout): Rollout {
    const share = shareOf(each);
    return isUnderWay(each) ? each : { ...each, heldFor: heldFor(this.#deps.routes(), { ...each, share }) };
  }

  async #change(before: Rollout | null, next: Rollout, says: string): Promise<void> {
    await this.#book.change(before, next);
    await this.#voice.tell({ ...next, says }, this.#deps.clock.nowMs());
  }
}
