import { processEnvironment } from "../config/environment.ts";
import { systemClock } from "../core/clock.ts";
import { messageOf, PlumblineError } from "../core/errors.ts";
import { randomIds } from "../core/ids.ts";
import { createLog } from "./create-log.ts";
import { openDataFolder } from "./data-folder.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import type { GatewayMessage } from "./gateway-process.ts";
import { startGatewayProcess } from "./gateway-process.ts";
import { loadSettings } from "./load-settings.ts";
import { createPrometheusMeter } from "./prometheus-meter.ts";
import type { RoleName } from "./roles/role-names.ts";
import { parseRoles } from "./roles/role-names.ts";
import { routeWarnings } from "./route-warnings.ts";
import type { Running, Runtime } from "./runtime.ts";
import { welcome } from "./welcome.ts";

/** Runs the roles named until the process is told to stop; resolves with the exit code. */
export const serve = async (options: { readonly roles?: string; readonly config?: string }): Promise<number> => {
  const roles = parseRoles(options.roles);
  try {
    const runtime = createRuntime(roles, options.config);
    const running = await startRoles(runtime, roles);
    announce(runtime, roles, running);
    await untilToldToStop(runtime);
    await stopAll(running);
    runtime.log.info({}, "stopped; everything accepted is saved");
    return exitCodes.ok;
  } catch (error) {
    tellParent({
      kind: "failed",
      code: error instanceof PlumblineError ? error.code : "gateway.internal",
      message: messageOf(error),
    });
    if (process.send === undefined) {
      throw error;
    }
    return exitCodeOf(error);
  }
};

const createRuntime = (roles: readonly RoleName[], configFile: string | undefined): Runtime => {
  const settings = loadSettings(configFile, processEnvironment());
  const log = createLog(settings.config.log.level, roles.join("+"));
  routeWarnings(log);
  return {
    settings,
    folder: openDataFolder(settings.config.data.dir),
    clock: systemClock,
    ids: randomIds,
    log,
    meter: createPrometheusMeter(),
  };
};

/**
 * Starts sinks first and sources last, so that nothing is produced before it can be consumed. A role's modules are
 * loaded only in the process that runs it: the gateway's memory holds no price table and no database.
 */
const startRoles = async (runtime: Runtime, roles: readonly RoleName[]): Promise<readonly Running[]> => {
  const pipelineRoles = roles.filter((role) => role !== "gateway");
  const running: Running[] = [];
  try {
    if (pipelineRoles.length > 0) {
      const { startPipeline } = await import("./roles/start-pipeline.ts");
      running.push(await startPipeline(runtime, pipelineRoles));
    }
    if (roles.includes("gateway")) {
      running.push(await (pipelineRoles.length === 0 ? startGatewayHere(runtime) : startGatewayProcess(runtime)));
    }
    return running;
  } catch (error) {
    await stopAll(running);
    throw error;
  }
};

const startGatewayHere = async (runtime: Runtime): Promise<Running> => {
  const { startGateway } = await import("./roles/start-gateway.ts");
  return startGateway(runtime);
};

/** Stops sources first, so that sinks can finish what was accepted. */
const stopAll = async (running: readonly Running[]): Promise<void> => {
  for (const part of running.toReversed()) {
    await part.stop();
  }
};

const announce = (runtime: Runtime, roles: readonly RoleName[], running: readonly Running[]): void => {
  const lines = running.flatMap((part) => part.lines);
  if (process.send === undefined) {
    process.stdout.write(welcome({ config: runtime.settings.config, root: runtime.folder.root, roles, lines }));
  } else {
    tellParent({ kind: "ready", lines: [...lines] });
  }
};

const tellParent = (message: GatewayMessage): void => {
  if (process.connected) {
    process.send?.(message);
  }
};

/**
 * Resolves when this process is to stop: on SIGTERM or SIGINT, or for a gateway process when its parent says so or dies.
 * A terminal sends Ctrl-C to the whole group, so a gateway process leaves SIGINT to its parent; a service manager may send SIGTERM
 * to all of them, and what the parent then says, or said before it, is no second demand. A second signal ends at once.
 */
const untilToldToStop = ({ log }: Runtime): Promise<void> =>
  new Promise((resolve) => {
    let isStopping = false;
    const stop = (reason: string): void => {
      if (isStopping) return;
      isStopping = true;
      log.info({ reason }, "stopping: finishing what was accepted");
      resolve();
    };
    let signals = 0;
    const heed = (signal: NodeJS.Signals): void => {
      signals += 1;
      if (signals === 1) {
        stop(signal);
        return;
      }
      log.warn({ reason: signal }, "told to stop again; leaving at once");
      // An orderly exit would wait for a transaction of the bus that waits for this thread.
      process.kill(process.pid, "SIGKILL");
    };
    process.on("SIGTERM", heed);
    if (process.send === undefined) {
      process.on("SIGINT", heed);
      return;
    }
    process.on("SIGINT", () => {});
    process.once("message", () => stop("parent"));
    process.once("disconnect", () => stop("the parent process died"));
  });
