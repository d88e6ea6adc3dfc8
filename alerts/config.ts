import { z } from "zod";
import { deliveryConfig } from "./delivery/delivery-config.ts";

/** Settings of the alerts. */
export const alertsConfig = z.strictObject({ delivery: deliveryConfig }).prefault({});
