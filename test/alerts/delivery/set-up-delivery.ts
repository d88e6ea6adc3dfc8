import type { DeliveryDeps } from "../../../alerts/delivery/delivery.ts";
import { Delivery } from "../../../alerts/delivery/delivery.ts";
import { deliveryConfig } from "../../../alerts/delivery/delivery-config.ts";
import { randomIds } from "../../../core/ids.ts";
import { keptLog } from "../../processors/set-up-line.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";
import { keptMeter } from "./kept-meter.ts";

/** A delivery under test, with what it said and counted. */
export interface DeliverySetUp {
  readonly delivery: Delivery;
  readonly lines: readonly string[];
  readonly sums: () => Readonly<Record<string, number>>;
  /** Stops it, moving time on where a stop waits for it. */
  readonly stop: () => Promise<void>;
}

/** Makes a delivery with settings as an operator writes them; retries come after their longest pause. */
export const setUpDelivery = (
  config: unknown,
  deps: Pick<DeliveryDeps, "store"> & { readonly clock: VirtualClock } & Partial<DeliveryDeps>,
): DeliverySetUp => {
  const { log, lines } = keptLog();
  const { meter, sums } = keptMeter();
  const delivery = new Delivery({
    ids: randomIds,
    log,
    meter,
    random: () => 0.999,
    fetch: (url, init) => fetch(url, init),
    externalUrl: "http://console.example",
    config: deliveryConfig.parse(config),
    ...deps,
  });
  return { delivery, lines, sums, stop: () => deps.clock.advanceUntil(delivery.stop(), 1) };
};
