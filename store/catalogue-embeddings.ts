import type { Table } from "./catalogue-column.ts";
import { column } from "./catalogue-column.ts";
import type { Rollup } from "./catalogue-rollup.ts";
import { dimension, histogramType, sourceDimensions, sum } from "./rollup-columns.ts";

const name = "LowCardinality(String)";

/** What the embeddings of a batch add up to, by series and minute. */
export const embeddingSumsTable: Table = {
  name: "embedding_sums",
  doc: "Sums of the embeddings of answers by batch, series and minute; no vector of a single call is kept apart.",
  columns: [
    column("tenant", name, "Whose calls they are."),
    column("minute", "DateTime('UTC')", "Start of the minute in which the calls started."),
    column("route", name, "Route that was taken."),
    column("variant", name, "Target that was chosen."),
    column("model", name, "Model that answered."),
    column("measure", name, "Name and version of the embedding."),
    column("prompt", name, "Version of the prompt; `probe` for answers to probes, empty without one."),
    column("is_shadow", "Bool", "Whether the calls were sent a second time to be looked at."),
    column("n", "UInt32", "Answers."),
    column("sums", "Array(Int32)", "Sum of their vectors, in 1024ths."),
    column("squares", "UInt64", "Sum of the squared lengths of their vectors, in squared 1024ths."),
    column("source_topic", name, "Bus topic of the calls."),
    column("source_partition", "UInt32", "Partition of that topic."),
    column("source_offset", "UInt64", "Offset of the first record of the batch."),
    column(
      "source_index",
      "UInt32",
      "Place among the sums of the batch: from 0, and from 2147483648 for those of an endpoint.",
    ),
    column("ingested_at", "DateTime64(3, 'UTC')", "When the row was inserted."),
  ],
};

/** The rollup that embeddings are compared by. */
export const embeddingsByMinute: Rollup = {
  table: "embeddings_1m",
  doc: "Sums of the embeddings of answers by minute and series; exact to merge and to subtract.",
  base: "embedding_sums",
  dimensions: [
    dimension("tenant", "c.tenant", "Whose calls they are."),
    {
      ...column("minute", "DateTime('UTC')", "Start of the minute in which the calls started."),
      expression: "c.minute",
    },
    dimension("route", "c.route", "Route that was taken."),
    dimension("variant", "c.variant", "Target that was chosen."),
    dimension("model", "c.model", "Model that answered."),
    dimension("measure", "c.measure", "Name and version of the embedding."),
    dimension("prompt", "c.prompt", "Version of the prompt; `probe` for answers to probes, empty without one."),
    ...sourceDimensions,
  ],
  sums: [
    sum("n", "toInt64(sum(c.n))", "Answers."),
    {
      name: "sums",
      type: histogramType,
      expression:
        "sumMap(mapFromArrays(arrayMap(place -> toInt16(place), range(length(c.sums))), arrayMap(part -> toInt64(part), c.sums)))",
      doc: "Sum of their vectors in 1024ths, by place in the vector from 0.",
    },
    sum("squares", "toInt64(sum(c.squares))", "Sum of the squared lengths of their vectors, in squared 1024ths."),
  ],
};
