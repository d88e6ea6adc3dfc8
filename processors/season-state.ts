import { z } from "zod";

const values = z.record(z.string(), z.number());

/** What hours are held against: what `fitSeason` found, and all that it was found from. */
const seasonBasis = z.strictObject({
  /** Expected value of each hour of the week, and what scoring needs besides. */
  reference: z.strictObject({
    expected: z.array(z.number()),
    deviation: z.number(),
    overdispersion: z.number(),
    persistence: z.number(),
    scale: z.number(),
    freedom: z.number(),
    hours: z.int(),
  }),
  /** Values of all hours of the reference together, and their sum. */
  values,
  sum: z.number(),
  /** Whether it is a rate, of a flag. */
  isRate: z.boolean(),
  /** When it was fitted, in whole hours since the Unix epoch. */
  fittedAt: z.int(),
});

/** What hours are held against. */
export type SeasonBasis = z.infer<typeof seasonBasis>;

/** The state of a series' test by hours, as it is stored with its evidence. */
export const seasonState = z.strictObject({
  /** Null while there are not two weeks of hours. */
  basis: seasonBasis.nullable(),
  /** When it was last tried to fit one, in whole hours since the Unix epoch. */
  triedAt: z.int(),
  /** The distance of the last hour that was scored. */
  previous: z.strictObject({ hour: z.int(), distance: z.number() }).nullable(),
  /** State of test I. */
  evidence: z.array(z.number()),
  /** The last hour in which the evidence crossed its bound; null when it has not for a day. */
  crossedAt: z.int().nullable(),
});

/** The state of a series' test by hours. */
export type SeasonState = z.infer<typeof seasonState>;
