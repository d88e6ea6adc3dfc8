import type { Clock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import type { Ids } from "../../core/ids.ts";
import { subjectOf } from "../../core/verdict.ts";
import type { Store } from "../../store/store.ts";
import type { KeptState, Look, LookTaker, UnitsWanted } from "../looks/look.ts";
import type { RoutePlan } from "../verdicts/route-plan.ts";
import type { VerdictDesk } from "../verdicts/verdict-desk.ts";
import { hashOfArms } from "./arms-of.ts";
import { openRollout } from "./open-rollout.ts";
import type { Rollout, Wish } from "./rollout.ts";
import { isForgotten, isUnderWay, rollout, shareOf } from "./rollout.ts";
import { grantsShare, rolloutEffect } from "./rollout-effect.ts";
import { RolloutVoice } from "./rollout-voice.ts";
import type { RolloutsConfig } from "./rollouts-config.ts";
import type { StartRollout } from "./start-rollout.ts";
import { grantWish } from "./step-rollout.ts";
import { takeLook } from "./take-look.ts";
import { unitsWantedOf } from "./units-wanted.ts";
import { movesTraffic } from "./wish-of.ts";

/** What canaries are run with. */
export interface RolloutsDeps {
  readonly desk: Pick<VerdictDesk, "propose" | "inForce" | "retire">;
  readonly routes: readonly RoutePlan[];
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
  readonly prefix = "canary:";
  readonly #deps: RolloutsDeps;
  readonly #rollouts = new Map<string, Rollout>();
  readonly #voice: RolloutVoice;
  #heldRoutes: ReadonlySet<string | null> = new Set();

  constructor(deps: RolloutsDeps) {
    this.#deps = deps;
    this.#voice = new RolloutVoice(deps.store);
  }

  /** All canaries that are remembered, the latest first. */
  list(): readonly Rollout[] {
    return [...this.#rollouts.values()].toSorted((a, b) => b.startedAtMs - a.startedAtMs);
  }

  /** One canary; throws `canary.unknown` when there is none of that id. */
  find(id: string): Rollout {
    const found = this.#rollouts.get(id);
    if (found === undefined) {
      throw new PlumblineError("canary.unknown", `There is no canary "${id}".`);
    }
    return found;
  }

  /** Starts a canary; throws `canary.refused` when it cannot be, such as while another runs on the route. */
  async start(asked: StartRollout): Promise<Rollout> {
    const { clock, ids, config, routes } = this.#deps;
    const running = this.list().find((each) => each.route === asked.route && isUnderWay(each));
    if (running !== undefined) {
      throw new PlumblineError("canary.refused", `The canary "${running.id}" runs on the route "${asked.route}".`);
    }
    const route = routes.find(({ name }) => name === asked.route) ?? null;
    const opened = openRollout({
      id: ids.next(),
      asked,
      route,
      config,
      hash: hashOfArms(routes, asked) ?? "",
      nowMs: clock.nowMs(),
    });
    await this.#change(opened, `started: plan ${opened.planName}`);
    await this.#move(opened, { action: "start", share: shareOf(opened), reason: `the canary ${opened.id} starts` });
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
    await this.#change(next, `the eval ${outcome.name} ${outcome.isPassed ? "passed" : "failed"}`);
    return next;
  }

  /** Canaries on these routes take no step forward until others are named; null holds all of them. */
  holdRoutes(routes: readonly (string | null)[]): void {
    this.#heldRoutes = new Set(routes);
  }

  load(kept: readonly KeptState[]): void {
    this.#rollouts.clear();
    for (const { state } of kept) {
      const known = rollout.parse(JSON.parse(state));
      this.#rollouts.set(known.id, known);
    }
  }

  unitsWanted(toMs: number): readonly UnitsWanted[] {
    return this.list().flatMap((each) => unitsWantedOf(each, toMs));
  }

  take(look: Look): readonly KeptState[] {
    const forgotten = this.#forget(look.toMs);
    const next = this.list()
      .filter(isUnderWay)
      .map((before) => takeLook(before, look, this.#deps.routes));
    for (const each of next) {
      this.#rollouts.set(each.id, each);
    }
    return [...forgotten, ...next.map((each) => this.#kept(each))];
  }

  async act({ toMs }: Look): Promise<void> {
    for (const each of this.list()) {
      if (isUnderWay(each)) {
        await this.#follow(each);
        await this.#voice.tell(each, toMs);
      }
    }
  }

  /** Asks for what a canary wants, and goes on from there once it is granted. */
  async #follow(each: Rollout): Promise<void> {
    const { wish } = each;
    const isHeld = this.#heldRoutes.has(null) || this.#heldRoutes.has(each.route);
    if (wish === null || (isHeld && wish.share > shareOf(each))) {
      return;
    }
    if (!movesTraffic(each, wish) || (await this.#isGranted(each, wish))) {
      const next = grantWish(each, wish, this.#deps.clock.nowMs());
      await this.#change(next, wish.reason);
    }
  }

  async #isGranted(each: Rollout, wish: Wish): Promise<boolean> {
    const { desk } = this.#deps;
    const { action, reason } = wish;
    const effect = rolloutEffect(each, wish.share);
    if (grantsShare(desk.inForce(subjectOf(effect)), each, wish.share)) {
      return true;
    }
    const decided = await desk.propose({ action, effect, reason, evidenceId: each.id, isAutomatic: true });
    return decided.kind === "issue";
  }

  async #end(id: string, end: Pick<Wish, "action" | "share" | "status" | "reason">): Promise<Rollout> {
    const found = this.find(id);
    if (!isUnderWay(found) && !(found.status === "promoted" && end.status === "aborted")) {
      throw new PlumblineError("canary.refused", `The canary "${id}" is over: ${found.status}.`);
    }
    const next = grantWish(found, { ...end, stage: found.judge.stage }, this.#deps.clock.nowMs());
    await this.#change(next, end.reason);
    await this.#move(next, end);
    return next;
  }

  /** Moves traffic because a person wants it. */
  async #move(each: Rollout, move: Pick<Wish, "action" | "share" | "reason">): Promise<void> {
    const { action, share, reason } = move;
    const effect = rolloutEffect(each, share);
    await this.#deps.desk.propose({ action, effect, reason, evidenceId: null, isAutomatic: false });
  }

  async #change(next: Rollout, says: string): Promise<void> {
    await this.#deps.keep([this.#kept(next)]);
    this.#rollouts.set(next.id, next);
    await this.#voice.tell({ ...next, says }, this.#deps.clock.nowMs());
  }

  #kept(each: Rollout): KeptState {
    return { key: this.prefix + each.id, state: JSON.stringify(each) };
  }

  #forget(nowMs: number): readonly KeptState[] {
    const old = this.list().filter((each) => isForgotten(each, nowMs, this.#deps.config.keptDays));
    for (const { id } of old) {
      this.#rollouts.delete(id);
    }
    return old.map(({ id }) => ({ key: this.prefix + id, state: "" }));
  }
}
