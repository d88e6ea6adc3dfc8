import { sampleRatio } from "../../stats/evidence/sample-ratio.ts";

/** Evidence at which shares are taken for wrong: odds of 1000 to 1. */
export const logSampleRatioBound = Math.log(1_000);
/** Test E. */
export const shareTest = sampleRatio();
