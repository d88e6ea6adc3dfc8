import type { Labels } from "../../core/alert.ts";
import type { Matcher } from "./matcher.ts";
import { matchersText, testOf } from "./matcher.ts";

/** What a route of the configuration says; what it leaves out it has from its parent. */
export interface RouteSettings {
  readonly receiver?: string | undefined;
  /** Conditions that an alert must satisfy; none is satisfied by all. */
  readonly matchers: readonly Matcher[];
  /** Whether the routes after this one are tried as well when it has matched. */
  readonly continue: boolean;
  /** Labels that make a group; `...` stands for all of them. */
  readonly groupBy?: readonly string[] | undefined;
  readonly groupWaitSeconds?: number | undefined;
  readonly groupIntervalSeconds?: number | undefined;
  readonly repeatIntervalSeconds?: number | undefined;
  readonly routes: readonly RouteSettings[];
}

/** How the alerts of a route are grouped and when they are told. */
export interface RouteOptions {
  readonly receiver: string;
  readonly groupBy: readonly string[];
  /** Milliseconds that a new group gathers alerts. */
  readonly groupWaitMs: number;
  /** Milliseconds between two looks at a group. */
  readonly groupIntervalMs: number;
  /** Milliseconds after which a group in which nothing changes is told again. */
  readonly repeatIntervalMs: number;
}

/** A route with everything it has inherited. */
export interface Route extends RouteOptions {
  /** The conditions on the way to it, and its receiver: the same as long as the configuration is. */
  readonly key: string;
  readonly isMatch: (labels: Labels) => boolean;
  readonly continues: boolean;
  readonly routes: readonly Route[];
}

/** Builds the tree from its settings; the root has no conditions. */
export const buildTree = (settings: RouteSettings, defaults: RouteOptions): Route => build(settings, defaults, "");

/**
 * The routes that an alert takes: depth first, the first child that matches, and those after it while they continue; the
 * route itself where no child matches.
 */
export const routesOf = (route: Route, labels: Labels): readonly Route[] => {
  if (!route.isMatch(labels)) {
    return [];
  }
  const found: Route[] = [];
  for (const child of route.routes) {
    const taken = routesOf(child, labels);
    found.push(...taken);
    if (taken.length > 0 && !child.continues) {
      break;
    }
  }
  return found.length > 0 ? found : [route];
};

/** Every route of a tree, parents first. */
export const allRoutes = (route: Route): readonly Route[] => [route, ...route.routes.flatMap(allRoutes)];

/** The labels by which a route groups an alert; those that it does not have are left out. */
export const groupLabelsOf = (route: RouteOptions, labels: Labels): Labels =>
  Object.fromEntries(
    Object.entries(labels)
      .filter(([name]) => route.groupBy.includes("...") || route.groupBy.includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const build = (settings: RouteSettings, inherited: RouteOptions, parentPath: string): Route => {
  const path = `${parentPath}${parentPath === "" ? "" : "/"}${matchersText(settings.matchers)}`;
  const options: RouteOptions = {
    receiver: settings.receiver ?? inherited.receiver,
    groupBy: settings.groupBy ?? inherited.groupBy,
    groupWaitMs: msOf(settings.groupWaitSeconds) ?? inherited.groupWaitMs,
    groupIntervalMs: msOf(settings.groupIntervalSeconds) ?? inherited.groupIntervalMs,
    repeatIntervalMs: msOf(settings.repeatIntervalSeconds) ?? inherited.repeatIntervalMs,
  };
  return {
    ...options,
    key: `${path}@${options.receiver}`,
    isMatch: testOf(settings.matchers),
    continues: settings.continue,
    routes: settings.routes.map((child) => build(child, options, path)),
  };
};

const msOf = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : seconds * 1_000);
