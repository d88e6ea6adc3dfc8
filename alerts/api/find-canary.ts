import type { ExternalKey, Rollout } from "../rollouts/rollout.ts";
import { isUnderWay } from "../rollouts/rollout.ts";

/** The latest canary of a key, whatever its baseline is; null when there is none. `canaries` begin with the latest. */
export const findByKey = (
  canaries: readonly Rollout[],
  key: Pick<ExternalKey, "namespace" | "name" | "checksum">,
): Rollout | null => {
  const isMeant = ({ external }: Rollout): boolean =>
    external?.namespace === key.namespace && external.name === key.name && external.checksum === key.checksum;
  return canaries.find((each) => isMeant(each) && isUnderWay(each)) ?? canaries.find(isMeant) ?? null;
};

/** The canary under way that has the same name and another checksum: what was on trial then is not on trial any more. */
export const findSuperseded = (
  canaries: readonly Rollout[],
  key: Pick<ExternalKey, "namespace" | "name" | "checksum">,
): Rollout | null =>
  canaries.find(
    (each) =>
      isUnderWay(each) &&
      each.external?.namespace === key.namespace &&
      each.external.name === key.name &&
      each.external.checksum !== key.checksum,
  ) ?? null;

/**
 * The latest canary that somebody may mean by a name: its id, the name that others call it by, with or without `NAMESPACE/`, of one
 * checksum where that is given. Null when there is none.
 */
export const findByName = (canaries: readonly Rollout[], name: string, checksum = ""): Rollout | null =>
  canaries.find(({ id, external }) => {
    if (id === name) return true;
    const isNamed = external?.name === name || `${external?.namespace}/${external?.name}` === name;
    return isNamed && (checksum === "" || external?.checksum === checksum);
  }) ?? null;
