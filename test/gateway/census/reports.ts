import type { CensusReport } from "../../../core/census.ts";
import { censusReport } from "../../../core/census.ts";
import { topics } from "../../../core/topics.ts";
import type { MemoryBus } from "../../support/memory-bus.ts";

/** The reports on a bus, in order. */
export const reportsOn = (bus: MemoryBus): readonly CensusReport[] =>
  bus.recordsOf(topics.census).map(({ value }) => censusReport.parse(JSON.parse(Buffer.from(value).toString())));
