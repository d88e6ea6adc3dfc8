import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestContext } from "vitest";
import { kafkaFolder } from "../servers/kafka-jars.ts";
import type { KafkaVersion } from "../servers/kafka-versions.ts";
import { kafkaVersions } from "../servers/kafka-versions.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** The folder of recorded data: `PLUMBLINE_DATA`, or `../shared/data` beside the repository; it need not exist. */
export const dataFolder = (): string => process.env["PLUMBLINE_DATA"] ?? resolve(repository, "../shared/data");

/** The absolute path of a file of the data folder; skips the test, saying which file it needs, when it is absent. */
export const needsData = (context: TestContext, relativePath: string): string => {
  const path = resolve(dataFolder(), relativePath);
  if (!existsSync(path)) context.skip(`needs ${relativePath} in the folder that PLUMBLINE_DATA names`);
  return path;
};

const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The path of an installed Chromium (`PLUMBLINE_CHROMIUM` comes first); skips the test when there is none. */
export const needsChromium = (context: TestContext): string => {
  const candidates = [process.env["PLUMBLINE_CHROMIUM"], ...browsers];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  return found ?? context.skip("needs Chromium: install Debian's package chromium or set PLUMBLINE_CHROMIUM");
};

/** Skips the test when a real Kafka can neither be run nor fetched here, saying what is missing and how to get it. */
export const needsKafka = (context: TestContext, version: KafkaVersion = kafkaVersions.current): void => {
  const wanted = [
    { program: "java", from: "Java 17 or newer: Debian's package default-jre-headless" },
    { program: "setpriv", from: "setpriv: Debian's package util-linux" },
    ...(existsSync(kafkaFolder(version)) ? [] : [{ program: "mvn", from: "Maven: Debian's package maven" }]),
  ];
  const missing = wanted.filter(({ program }) => !isOnPath(program));
  if (missing.length > 0) context.skip(`needs ${missing.map(({ from }) => from).join("; ")}`);
};

const isOnPath = (program: string): boolean => pathsOf(program).some((path) => existsSync(path));

const pathsOf = (program: string): readonly string[] =>
  (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, program));

/** Skips the test when there is no `docker-compose` to judge a file; no engine is needed. */
export const needsDockerCompose = (context: TestContext): void => {
  if (!isOnPath("docker-compose")) context.skip("needs docker-compose: install Debian's package docker-compose");
};

/** The path of an installed Alertmanager; skips the test when there is none. */
export const needsAlertmanager = (context: TestContext): string =>
  firstOnPath("prometheus-alertmanager", "alertmanager") ??
  context.skip("needs Alertmanager: install Debian's package prometheus-alertmanager");

/** The path of an installed Python 3; skips the test when there is none. */
export const needsPython = (context: TestContext): string =>
  firstOnPath("python3") ?? context.skip("needs Python 3: install Debian's package python3");

const firstOnPath = (...programs: readonly string[]): string | undefined =>
  programs.flatMap(pathsOf).find((path) => existsSync(path));
