/** Release of the OpenTelemetry Collector that is built: the newest of which every component can be had from Go's module proxy. */
export const collectorVersion = "0.155.0";

/** Modules of the Collector whose version counts from 1 have this one in the same release. */
const stableVersion = "1.61.0";

const core = "go.opentelemetry.io/collector";
const contrib = "github.com/open-telemetry/opentelemetry-collector-contrib";

/** The Collector's own builder, as `go install` takes it. */
export const builderModule = `${core}/cmd/builder@v${collectorVersion}`;

/** What is built in, by kind, in the words of the builder. */
const components = {
  receivers: [`${core}/receiver/otlpreceiver`, `${contrib}/receiver/kafkareceiver`],
  processors: [`${core}/processor/batchprocessor`],
  exporters: [
    `${contrib}/exporter/kafkaexporter`,
    `${contrib}/exporter/fileexporter`,
    `${core}/exporter/debugexporter`,
  ],
} as const;

/** The Collector does not start without the one for the environment. */
const providers = [`${core}/confmap/provider/envprovider`, `${core}/confmap/provider/fileprovider`] as const;

const parts = Object.entries(components).map(([kind, modules]) => [
  kind,
  modules.map((module) => ({ gomod: `${module} v${collectorVersion}` })),
]);

/** The builder's configuration, as JSON, which is YAML too. */
export const builderConfig = JSON.stringify(
  {
    dist: { name: "collector", description: "For interop tests", version: collectorVersion, output_path: "." },
    ...Object.fromEntries(parts),
    providers: providers.map((module) => ({ gomod: `${module} v${stableVersion}` })),
  },
  null,
  2,
);

/**
 * The modules of the build. The builder would make this file with `go mod tidy`, which wants the modules that only tests of
 * the components import as well, and not all of those can be had.
 */
export const goModules = `module collector

go 1.25.0

require (
${[`${core}/otelcol`, ...Object.values(components).flat()].map((module) => `\t${module} v${collectorVersion}`).join("\n")}
${providers.map((module) => `\t${module} v${stableVersion}`).join("\n")}
)
`;
