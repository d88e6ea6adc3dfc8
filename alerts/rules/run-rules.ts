import { isRetryable, messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import { askStore, reuseAnswers } from "./ask-store.ts";
import type { Look } from "./look-at.ts";
import { lookAt } from "./look-at.ts";
import type { ReadRows } from "./read-answers.ts";
import type { RuleStatus } from "./rule-keeper.ts";
import { RuleKeeper } from "./rule-keeper.ts";
import type { RuleState } from "./rule-state.ts";
import { eventToken, readRuleState, rulesOwner, writeRuleState } from "./rule-state.ts";
import type { RulesDeps } from "./rules-deps.ts";
import { StepFailures } from "./step-failures.ts";

/** A firing alert is believed for four times the longest of a look and a minute, so that one late look ends none. */
const believedLooks = 4;
const resendMs = 60_000;

/** Looks at all rules at intervals, keeps their alerts over a restart, and hands on what is to be told. */
export class RuleWatch {
  readonly #deps: RulesDeps;
  readonly #keepers: readonly RuleKeeper[];
  readonly #stopping = new AbortController();
  readonly #failures: StepFailures;
  readonly #read: ReadRows;
  #running: Promise<void> = Promise.resolve();
  #isLoaded = false;
  #unsaved: readonly RuleState[] = [];

  constructor(deps: RulesDeps) {
    const { config, rules } = deps;
    const settings = {
      amounts: config.amounts,
      everyMs: config.everySeconds * 1_000,
      settleMs: config.settleSeconds * 1_000,
      maxSeries: config.maxSeries,
    };
    this.#deps = deps;
    this.#read = reuseAnswers(askStore(deps.store));
    this.#failures = new StepFailures(deps.log);
    this.#keepers = rules.map((rule) => new RuleKeeper(rule, settings));
  }

  /** How every rule does. */
  get status(): readonly RuleStatus[] {
    return this.#keepers.map((keeper) => keeper.status);
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, config } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.look();
      await clock.sleep(config.everySeconds * 1_000, signal);
    }
  }

  /** Looks at every rule once; what fails is said, and tried again at a later look. */
  async look(): Promise<void> {
    if (!this.#isLoaded) {
      this.#isLoaded = await this.#failures.attempt("load", () => this.#load());
    }
    // Without what is remembered, every alert would be told as a new one.
    if (!this.#isLoaded) {
      return;
    }
    await this.#lookAtAll(this.#deps.clock.nowMs());
    await this.#failures.attempt("save", () => this.#save());
    await this.#failures.attempt("deliver", () => this.#tell());
    this.#measure();
  }

  async #load(): Promise<void> {
    const { store, log } = this.#deps;
    for (const saved of await store.readStates(rulesOwner)) {
      const state = readRuleState(saved);
      if ("problem" in state) {
        log.error({ rule: saved.key, err: state.problem }, "the alerts of a rule cannot be read; they begin anew");
        continue;
      }
      this.#keepers.find(({ rule }) => rule.name === state.rule)?.remember(state);
      await store.saveEvents({ token: eventToken(state), alerts: state.events });
    }
  }

  async #lookAtAll(nowMs: number): Promise<void> {
    const { log } = this.#deps;
    const looks: Look[] = [];
    for (const keeper of this.#keepers.filter((due) => due.isDue(nowMs))) {
      const look = await lookAt(keeper, this.#read, nowMs);
      looks.push(look);
      if (look.state !== null) {
        this.#keep(look.state);
        sayChanges(look.state, log);
      }
    }
    this.#judge(looks, nowMs);
  }

  /** A store that answers no rule is away, and nothing is wrong with the rules; a rule that fails among others is parked. */
  #judge(looks: readonly Look[], nowMs: number): void {
    const { log, meter } = this.#deps;
    const [first] = looks;
    if (first !== undefined && looks.every(({ error }) => error !== null && isRetryable(error))) {
      this.#failures.fail("ask", first.error);
      return;
    }
    this.#failures.succeed("ask");
    for (const { keeper, error } of looks) {
      const rule = keeper.rule.name;
      const isNews = keeper.note(error, nowMs);
      if (error !== null) {
        meter.add("ruleFailures", 1, { rule });
      }
      if (isNews && error !== null) {
        log.error({ rule, err: messageOf(error) }, "a rule failed and is parked; it is tried again each minute");
      } else if (isNews) {
        log.info({ rule }, "a parked rule works again");
      }
    }
  }

  /** Of a rule's states that wait to be saved the last one holds; those before it matter only for what they record. */
  #keep(state: RuleState): void {
    const others = this.#unsaved.filter(({ rule, events }) => rule !== state.rule || events.length > 0);
    this.#unsaved = [...others, state];
  }

  /** States first: who finds them records their events, which a crash between the two would else have lost. */
  async #save(): Promise<void> {
    const { store } = this.#deps;
    const states = this.#unsaved;
    await store.saveStates(rulesOwner, states.map(writeRuleState));
    for (const state of states) {
      await store.saveEvents({ token: eventToken(state), alerts: state.events });
    }
    this.#unsaved = [];
  }

  async #tell(): Promise<void> {
    const { clock, config, externalUrl, trust, deliver } = this.#deps;
    const { isTrusted, reason } = trust();
    const believedMs = believedLooks * Math.max(config.everySeconds * 1_000, resendMs);
    const telling = { nowMs: clock.nowMs(), believedMs, externalUrl, frozen: isTrusted ? null : reason };
    await deliver(this.#keepers.flatMap((keeper) => keeper.tell(telling)));
  }

  #measure(): void {
    const { meter } = this.#deps;
    const { status } = this;
    const sum = (of: (rule: RuleStatus) => number): number => status.reduce((total, rule) => total + of(rule), 0);
    meter.set(
      "rulesParked",
      sum(({ state }) => (state === "parked" ? 1 : 0)),
    );
    meter.set(
      "alertsActive",
      sum(({ pending }) => pending),
      { state: "pending" },
    );
    meter.set(
      "alertsActive",
      sum(({ firing }) => firing),
      { state: "firing" },
    );
    meter.set(
      "ruleSeriesDropped",
      sum(({ droppedSeries }) => droppedSeries),
    );
  }
}

const sayChanges = ({ events }: RuleState, log: Log): void => {
  for (const { state, rule, reason, labels } of events) {
    if (state === "firing" || state === "resolved") {
      log.warn({ rule, labels, reason }, state === "firing" ? "an alert fires" : "an alert is resolved");
    }
  }
};

/** Starts to look at all rules. */
export const startRules = (deps: RulesDeps): RuleWatch => {
  const watch = new RuleWatch(deps);
  watch.start();
  return watch;
};
