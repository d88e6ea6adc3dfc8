import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf } from "../../core/errors.ts";
import { cacheFolder } from "./cache-folder.ts";
import { builderConfig, builderModule, collectorVersion, goModules } from "./collector-recipe.ts";

/** A build fetches some hundred modules and compiles them. */
const limitMs = 1_800_000;

/**
 * The path of the OpenTelemetry Collector of the recipe. It is built by Go 1.25 or newer the first time, in some minutes, and
 * kept in the cache under the hash of the recipe.
 */
export const collectorPath = async (report: (text: string) => void): Promise<string> => {
  const recipe = createHash("sha256").update(builderConfig).update(goModules).digest("hex").slice(0, 8);
  const folder = join(cacheFolder(), `collector-${collectorVersion}-${recipe}`);
  if (!existsSync(folder)) {
    report(`OpenTelemetry Collector ${collectorVersion}: building it, which takes some minutes the first time`);
    await buildInto(folder);
  }
  return join(folder, "collector");
};

/** Builds in a folder of its own, and gives it its name at the end: a half build is never used. */
const buildInto = async (folder: string): Promise<void> => {
  await mkdir(cacheFolder(), { recursive: true });
  const work = await mkdtemp(`${folder}.building-`);
  const sources = join(work, "sources");
  try {
    await mkdir(sources);
    await writeFile(join(sources, "builder.yaml"), builderConfig);
    await writeFile(join(sources, "go.mod"), goModules);
    await run("go", ["install", builderModule], { cwd: work, GOBIN: work });
    await run(join(work, "builder"), ["--config=builder.yaml", "--skip-get-modules", "--skip-compilation"], {
      cwd: sources,
    });
    const output = join(work, "made", "collector");
    await run("go", ["build", "-mod=mod", "-trimpath", "-ldflags=-s -w", "-o", output, "."], { cwd: sources });
    await rename(join(work, "made"), folder);
  } catch (error) {
    // Another process was faster, and what it built is as good.
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

const run = async (
  program: string,
  args: readonly string[],
  { cwd, ...variables }: { readonly cwd: string; readonly GOBIN?: string },
): Promise<void> => {
  const env = { ...process.env, GOWORK: "off", GOFLAGS: "-buildvcs=false", ...variables };
  try {
    await promisify(execFile)(program, args, { cwd, env, timeout: limitMs, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    throw new Error(`The OpenTelemetry Collector could not be built: ${messageOf(error)}`, { cause: error });
  }
};
