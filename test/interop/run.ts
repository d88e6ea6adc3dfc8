import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { collectorPath } from "../servers/build-collector.ts";
import { startKafka } from "../servers/kafka.ts";
import { checkRun } from "./check-run.ts";
import { exchange } from "./exchange.ts";
import { writeGolden } from "./golden.ts";

const usage = `usage: npm run interop:collector -- [--record]

Builds a real OpenTelemetry Collector once, starts it with a real Kafka, and compares what it writes and receives with
what Plumbline reads and writes, in both encodings of OTLP. Also lets it validate deploy/compose/collector.yaml. Needs
Go 1.25 or newer, Java 17 and Maven.

  --record  keep the bytes of this run as test/interop/golden.json
`;

const composeConfig = fileURLToPath(new URL("../../deploy/compose/collector.yaml", import.meta.url));
const report = (text: string): void => void process.stderr.write(`${text}\n`);

const main = async (): Promise<number> => {
  const args = process.argv.slice(2);
  if (args.some((arg) => arg !== "--record")) {
    process.stderr.write(usage);
    return args.includes("--help") ? 0 : 2;
  }
  const path = await collectorPath(report);
  await promisify(execFile)(path, ["validate", `--config=file:${composeConfig}`]);
  process.stdout.write("deploy/compose/collector.yaml: valid\n");
  const dir = mkdtempSync(join(tmpdir(), "plumbline-interop-"));
  const kafka = await startKafka();
  try {
    const run = await exchange({ path, dir, brokers: kafka.bootstrap });
    for (const { what, records, spans } of checkRun(run)) {
      process.stdout.write(`${what}: ${records} records, ${spans} spans equal in every field\n`);
    }
    if (args.includes("--record")) writeGolden(run);
    return 0;
  } finally {
    await kafka.stop();
    rmSync(dir, { recursive: true, force: true });
  }
};

process.exitCode = await main();
