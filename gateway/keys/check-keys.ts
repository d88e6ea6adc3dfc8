import type { RouteProblem } from "../route-checks.ts";
import type { KeyConfig } from "./key-config.ts";

/** Every mistake in how keys refer to routes and to each other, all at once. */
export const checkKeys = (
  keys: readonly KeyConfig[],
  routes: Readonly<Record<string, unknown>>,
): readonly RouteProblem[] => [
  ...doubles(keys, "id"),
  ...doubles(keys, "sha256"),
  ...strayTeams(keys),
  ...keys.flatMap((key, index) =>
    (key.routes ?? []).flatMap((route, at) =>
      Object.hasOwn(routes, route)
        ? []
        : [{ path: ["keys", index, "routes", at], message: `there is no route "${route}"` }],
    ),
  ),
];

const doubles = (keys: readonly KeyConfig[], member: "id" | "sha256"): readonly RouteProblem[] => {
  const seen = new Set<string>();
  return keys.flatMap((key, index) => {
    const isDouble = seen.has(key[member]);
    seen.add(key[member]);
    return isDouble ? [{ path: ["keys", index, member], message: "another key has the same" }] : [];
  });
};

/** The budget of a team is found by its name: two organisations with a team of one name would share it. */
const strayTeams = (keys: readonly KeyConfig[]): readonly RouteProblem[] => {
  const owner = new Map<string, string | undefined>();
  return keys.flatMap(({ team, organisation }, index) => {
    if (team === undefined) {
      return [];
    }
    const isStray = owner.has(team) && owner.get(team) !== organisation;
    if (!owner.has(team)) {
      owner.set(team, organisation);
    }
    const message = `the team "${team}" belongs to another organisation in a key above`;
    return isStray ? [{ path: ["keys", index, "team"], message }] : [];
  });
};
