import type { Verdict } from "../../core/verdict.ts";
import type { RouteTable } from "../route-table.ts";
import type { DecisionReason } from "./decide.ts";
import { decide } from "./decide.ts";
import { effectiveRoutes } from "./effective-routes.ts";
import type { PolicyTable } from "./policy-table.ts";

/** What a change of the policy did. */
export interface PolicyChange {
  /** Whether the routes are spread otherwise than before. */
  readonly hasMoved: boolean;
}

/** What came of a verdict. */
export interface Offered extends PolicyChange {
  readonly reason: DecisionReason;
  /** Whether it is the latest of its subject now. */
  readonly isLatest: boolean;
}

/** Where calls go: the configured routes, under the verdicts in force. Reading `routes` costs nothing, whoever changes them. */
export class RoutingPolicy {
  #configured: RouteTable;
  #table: PolicyTable;
  #routes: RouteTable;

  constructor(configured: RouteTable) {
    this.#configured = configured;
    this.#table = { routes: configured.byName, latest: new Map() };
    this.#routes = configured;
  }

  /** The routes that the next call takes. */
  get routes(): RouteTable {
    return this.#routes;
  }

  /** The routes as they are configured. */
  get configured(): RouteTable {
    return this.#configured;
  }

  get table(): PolicyTable {
    return this.#table;
  }

  /** Decides on a verdict, and moves traffic when that is what comes of it. */
  offer(verdict: Verdict, nowMs: number): Offered {
    const { table, reason } = decide(verdict, this.#table, nowMs);
    const isLatest = table !== this.#table;
    this.#table = table;
    // A gateway that starts hears of every verdict of the last days again: one that is over moves nothing by itself.
    const mayMove = isLatest && (reason !== "expired" || this.#routes !== this.#configured);
    return { reason, isLatest, hasMoved: mayMove && this.refresh(nowMs).hasMoved };
  }

  /** Lets go of what has expired. */
  refresh(nowMs: number): PolicyChange {
    const before = this.#routes;
    const after = effectiveRoutes(this.#configured, this.#table, nowMs);
    // The same verdicts make the same routes: a version that is the same needs no new table.
    if (after.version === before.version) return { hasMoved: false };
    this.#routes = after;
    return { hasMoved: !isSameSpread(before, after) };
  }

  /** Takes other routes in the place of the configured ones; verdicts stay in force where their subjects are still there. */
  reconfigure(configured: RouteTable, nowMs: number): void {
    this.#configured = configured;
    this.#table = { ...this.#table, routes: configured.byName };
    this.#routes = effectiveRoutes(configured, this.#table, nowMs);
  }

  /** When the next verdict expires, in milliseconds since the Unix epoch; null when none is in force. */
  nextExpiryMs(nowMs: number): number | null {
    const coming = [...this.#table.latest.values()].map(({ expiresAtMs }) => expiresAtMs).filter((at) => at > nowMs);
    return coming.length === 0 ? null : Math.min(...coming);
  }
}

const isSameSpread = (a: RouteTable, b: RouteTable): boolean => spreadOf(a) === spreadOf(b);

const spreadOf = ({ byName }: RouteTable): string =>
  JSON.stringify([...byName.values()].map(({ name, targets, canary }) => [name, targets, canary]));
