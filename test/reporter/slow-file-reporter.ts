import type { Reporter } from "vitest/node";

const noticeMs = 60_000;

/** A vitest reporter that names, every minute, each file still running: a blocked worker cannot say so itself. */
export const slowFileReporter = (): Reporter => {
  const timers = new Map<string, NodeJS.Timeout>();
  const forget = (file: string): void => {
    clearInterval(timers.get(file));
    timers.delete(file);
  };
  return {
    onTestModuleStart: ({ relativeModuleId: file }) => {
      const startedAt = performance.now();
      const notice = (): void =>
        console.log(`still running after ${Math.round((performance.now() - startedAt) / 1000)} s: ${file}`);
      timers.set(file, setInterval(notice, noticeMs).unref());
    },
    onTestModuleEnd: ({ relativeModuleId: file }) => forget(file),
    onTestRunEnd: () => {
      for (const file of timers.keys()) forget(file);
    },
  };
};
