import { pino } from "pino";
import type { Log } from "../core/log.ts";
import type { Config } from "./config-schema.ts";

/**
 * A log that writes one JSON object a line to standard error; `role` names the process. A line is written when the call returns, so
 * that a process that dies at once has said why.
 */
export const createLog = (level: Config["log"]["level"], role: string): Log => {
  const logger = pino(
    { level, base: { role, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
};
