import { z } from "zod";

/** A region, or what a place complies with: no blanks and no commas, so that a header can list several. */
const placeLabel = z.string().regex(/^[\x21-\x2b\x2d-\x7e]{1,64}$/, "expected 1 to 64 printable characters, no commas");

const labels = z.array(placeLabel).max(64);

/** Where a provider or a target answers. Names are the operator's own, and are compared whole: `eu` is not `eu-west-2`. */
export const region = placeLabel.optional();

/** What a provider or a target complies with. */
export const compliance = labels.optional();

/** Where a provider answers, and what it complies with. */
export const providerPlace = {
  region: region.describe("Where it answers, such as `eu`, by a name of your own; absent means nowhere that is known."),
  compliance: compliance.describe(
    "What it complies with, such as `hipaa`, by names of your own; absent means nothing.",
  ),
};

/** What calls demand of the targets that they are sent to. */
export const demandFields = {
  regions: labels
    .min(1)
    .optional()
    .describe("Regions of which a target must be in one, by its exact name; absent allows all."),
  compliance: labels.optional().describe("What a target must comply with, all of it; absent demands nothing."),
};
