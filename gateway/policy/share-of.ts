/** Part of a route's calls that one of its targets gets, from 0 to 1. */
export const shareOf = (
  target: { readonly weight: number },
  targets: readonly { readonly weight: number }[],
): number => {
  const total = targets.reduce((sum, { weight }) => sum + weight, 0);
  return total === 0 ? 0 : target.weight / total;
};
