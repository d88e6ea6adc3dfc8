import { execFile } from "node:child_process";
import { rename, rm } from "node:fs/promises";
import { promisify } from "node:util";
import { startKafka } from "./kafka.ts";
import { kafkaArchive, kafkaClassPath } from "./kafka-jars.ts";
import type { KafkaVersion } from "./kafka-versions.ts";

/** Makes the class archive of a release from one start of it, unless this Java can use the archive that is there. */
export const archiveKafka = async (version: KafkaVersion): Promise<void> => {
  const archive = kafkaArchive(version);
  if (await isUsable(archive, await kafkaClassPath(version))) return;
  await rm(archive, { force: true });
  // A JVM that opens half an archive dies: it gets its name when it is whole.
  const work = `${archive}.making-${process.pid}`;
  const kafka = await startKafka({ version, javaFlags: [`-XX:ArchiveClassesAtExit=${work}`] });
  try {
    await Promise.all(kafka.brokers.map((broker) => broker.stop()));
    await rename(work, archive);
  } finally {
    await kafka.stop();
    await rm(work, { force: true });
  }
};

const isUsable = async (archive: string, classPath: string): Promise<boolean> => {
  const flags = ["-Xshare:on", "-XX:+UseSerialGC", `-XX:SharedArchiveFile=${archive}`];
  try {
    await promisify(execFile)("java", [...flags, "-cp", classPath, "-version"]);
    return true;
  } catch {
    return false;
  }
};
