import type { BusMessage } from "../../bus/bus.ts";
import type { CensusReport } from "../../core/census.ts";
import { topics } from "../../core/topics.ts";

/** A report as it goes to the bus; those of one gateway stay in order. */
export const reportMessage = (report: CensusReport): BusMessage => ({
  topic: topics.census,
  key: report.gatewayId,
  value: Buffer.from(JSON.stringify(report)),
});
