/** Shares of the negligible rate at which a lower one is looked for. */
const shares = [0.02, 0.25, 0.5] as const;

/** Evidence of nothing yet. */
export const startNegligible = (): number[] => shares.map(() => 0);

/**
 * Evidence that the candidate's rate is below `negligible`, from its own requests alone: the likelihood of lower rates against that
 * one (Wald 1945). A ratio to a baseline without a bad event could never be shown to be small. An empty state stays empty.
 */
export const stepNegligible = (
  state: readonly number[],
  { n, bad }: { readonly n: number; readonly bad: number },
  negligible: number,
): number[] =>
  state.map((log, index) => {
    const share = shares[index] ?? 1;
    return log + bad * Math.log(share) + (n - bad) * Math.log((1 - share * negligible) / (1 - negligible));
  });
