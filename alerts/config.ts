import { z } from "zod";

/** Settings of the alerts stage. */
export const alertsConfig = z.strictObject({}).prefault({});

/** The parsed settings of the alerts stage. */
export type AlertsConfig = z.infer<typeof alertsConfig>;
