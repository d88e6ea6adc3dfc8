import { PlumblineError } from "../../core/errors.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { Verdict } from "../../core/verdict.ts";
import { subjectOf } from "../../core/verdict.ts";
import type { Offered, RoutingPolicy } from "./routing-policy.ts";
import { shareOf } from "./share-of.ts";

/** What is told about a policy, and to whom. */
export interface PolicyVoiceDeps {
  readonly policy: RoutingPolicy;
  readonly log: Log;
  readonly meter: Meter;
}

/** Says what verdicts do, in counts and one line for each change of state. */
export class PolicyVoice {
  readonly #deps: PolicyVoiceDeps;
  readonly #refused = new Set<string>();
  /** Subjects of which it was said that a verdict on them waits. */
  readonly #waiting = new Set<string>();
  /** Targets whose shares were told: one that is no longer configured gets 0. */
  readonly #told = new Map<string, { readonly route: string; readonly variant: string }>();
  #isFailing = false;

  constructor(deps: PolicyVoiceDeps) {
    this.#deps = deps;
  }

  /** A verdict has come. */
  tell(verdict: Verdict, { reason, hasMoved, isLatest }: Offered): void {
    const { log, meter, policy } = this.#deps;
    meter.add("policyVerdicts", 1, { reason });
    const subject = subjectOf(verdict.effect);
    const { id, action } = verdict;
    const fields = { subject, id, action, why: verdict.reason, evidenceId: verdict.evidenceId, reason };
    if (reason === "dry_run")
      log.info({ ...fields, effect: verdict.effect }, "a verdict would move traffic; it is a dry run");
    if (hasMoved)
      log.info({ ...fields, version: policy.routes.version, shares: this.#shares() }, "a verdict moves traffic");
    if (reason === "applied") this.#waiting.delete(subject);
    if ((reason === "floor" || reason === "unknown_subject") && !this.#waiting.has(subject)) {
      this.#waiting.add(subject);
      log.warn(fields, "a verdict has to wait");
    }
    if (isLatest) this.tellShares();
  }

  /** A record was none that may be obeyed; it is logged once for each reason, since whoever forges may do so for ever. */
  tellRefusal(reason: "forged" | "unreadable"): void {
    const { log, meter } = this.#deps;
    meter.add("policyVerdicts", 1, { reason });
    if (!this.#refused.has(reason)) {
      this.#refused.add(reason);
      log.error({ reason }, "a verdict was refused; further ones are only counted");
    }
  }

  /** Verdicts have expired, and traffic has moved back. */
  tellExpiry(): void {
    const { log, policy } = this.#deps;
    log.info({ version: policy.routes.version, shares: this.#shares() }, "verdicts have expired: traffic moves back");
    this.tellShares();
  }

  /** The bus cannot be followed or the disk not written. */
  tellFailure(error: unknown): void {
    const { log, meter } = this.#deps;
    meter.add("policyErrors", 1, { code: error instanceof PlumblineError ? error.code : "bus.unavailable" });
    if (!this.#isFailing)
      log.warn({ err: error }, "verdicts cannot be followed or kept: those known stay until they expire");
    this.#isFailing = true;
  }

  /** Verdicts come again. */
  tellRecovery(): void {
    if (this.#isFailing) this.#deps.log.info({}, "verdicts are followed again");
    this.#isFailing = false;
  }

  /** Sets the gauges. */
  tellShares(): void {
    const { meter, policy } = this.#deps;
    const shares = this.#shares();
    for (const [route, byVariant] of Object.entries(shares)) {
      for (const variant of Object.keys(byVariant))
        this.#told.set(JSON.stringify([route, variant]), { route, variant });
    }
    for (const labels of this.#told.values()) {
      meter.set("policyShare", shares[labels.route]?.[labels.variant] ?? 0, labels);
    }
    const known = [...policy.table.latest.values()].map(({ issuedAtMs }) => issuedAtMs);
    meter.set("policyLastVerdict", Math.max(0, ...known) / 1_000);
  }

  /** The share of each target, by route. */
  #shares(): Readonly<Record<string, Readonly<Record<string, number>>>> {
    const routes = [...this.#deps.policy.routes.byName.values()];
    return Object.fromEntries(
      routes.map(({ name, targets }) => [
        name,
        Object.fromEntries(targets.map((target) => [target.variant, shareOf(target, targets)])),
      ]),
    );
  }
}
