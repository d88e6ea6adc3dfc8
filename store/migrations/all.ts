import { createCalls } from "./0001-create-calls.ts";
import { createTraces } from "./0002-create-traces.ts";
import { rollupsBySource } from "./0003-rollups-by-source.ts";
import { cutContents } from "./0004-cut-contents.ts";
import { createCensus } from "./0005-create-census.ts";
import { createMeasures } from "./0006-create-measures.ts";
import { createEvidence } from "./0007-create-evidence.ts";
import { createEvents } from "./0008-create-events.ts";
import { indexIngestion } from "./0009-index-ingestion.ts";
import { createFeedback } from "./0010-create-feedback.ts";
import { watchVersions } from "./0011-watch-versions.ts";
import { keepUsage } from "./0012-keep-usage.ts";
import { tellShadows } from "./0013-tell-shadows.ts";
import { stratifyMeasures } from "./0014-stratify-measures.ts";
import { sumEmbeddings } from "./0015-sum-embeddings.ts";
import { rememberUnits } from "./0016-remember-units.ts";
import type { Migration } from "./migration.ts";

/** Every change of the schema, in the order in which they are applied. */
export const migrations: readonly Migration[] = [
  createCalls,
  createTraces,
  rollupsBySource,
  cutContents,
  createCensus,
  createMeasures,
  createEvidence,
  createEvents,
  indexIngestion,
  createFeedback,
  watchVersions,
  keepUsage,
  tellShadows,
  stratifyMeasures,
  sumEmbeddings,
  rememberUnits,
];
