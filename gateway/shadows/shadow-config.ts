import { z } from "zod";

/** Which calls of a route are sent a second time, and where. */
export const shadowConfig = z.strictObject({
  variant: z.string().min(1).describe("Variant of this route that gets them, whatever its weight."),
  share: z.number().min(0).max(1).describe("Share of the route's calls, from 0 to 1, drawn at random."),
});
