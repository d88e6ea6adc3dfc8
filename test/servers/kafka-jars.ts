import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf } from "../../core/errors.ts";
import { cacheFolder } from "./cache-folder.ts";
import type { KafkaVersion } from "./kafka-versions.ts";

const limitMs = 600_000;
const plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

/** Folder of a release in the cache; it exists only when it is whole, and what it holds is named by what was asked for. */
export const kafkaFolder = (version: KafkaVersion): string => {
  const recipe = createHash("sha256").update(projectOf(version)).digest("hex").slice(0, 8);
  return join(cacheFolder(), `kafka-${version}-${recipe}`);
};

/**
 * Where the class archive of a release is, with which a JVM is up in about half the time and two thirds of the memory. It
 * need not exist; a JVM that cannot use it goes on without.
 */
export const kafkaArchive = (version: KafkaVersion): string => join(kafkaFolder(version), "classes.jsa");

/** The class path of a release. It is fetched by Maven the first time, and any number of processes may ask at once. */
export const kafkaClassPath = async (version: KafkaVersion): Promise<string> => {
  const folder = kafkaFolder(version);
  if (!existsSync(folder)) await fetchJars(version, folder);
  const names = (await readdir(folder)).filter((name) => name.endsWith(".jar")).sort();
  return names.map((name) => join(folder, name)).join(":");
};

/** Fetches to a folder of its own, and gives it its name at the end: a half fetch is never used. */
const fetchJars = async (version: KafkaVersion, folder: string): Promise<void> => {
  await mkdir(cacheFolder(), { recursive: true });
  const work = await mkdtemp(`${folder}.fetching-`);
  try {
    await writeFile(join(work, "pom.xml"), projectOf(version));
    await runMaven(work);
    await rename(join(work, "jars"), folder);
  } catch (error) {
    // Another process was faster, and what it fetched is as good.
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

const runMaven = async (folder: string): Promise<void> => {
  const args = ["-q", "-B", `${plugin}:copy-dependencies`, "-DincludeScope=runtime", "-DoutputDirectory=jars"];
  try {
    await promisify(execFile)("mvn", args, { cwd: folder, timeout: limitMs });
  } catch (error) {
    throw new Error(`Maven could not fetch Apache Kafka: ${messageOf(error)}`, { cause: error });
  }
};

/** Kafka's own dependencies hold no logger; this one writes to the standard error. */
const projectOf = (version: KafkaVersion): string => `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>plumbline</groupId>
  <artifactId>kafka-for-tests</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${version}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;
