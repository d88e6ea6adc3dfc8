import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const createLog = fileURLToPath(new URL("../../app/create-log.ts", import.meta.url));

test("a process that kills itself after its last lines has written them", () => {
  const program = `
    import { createLog } from ${JSON.stringify(createLog)};
    const log = createLog("info", "gateway");
    log.info({}, "stopping");
    log.warn({ reason: "SIGTERM" }, "leaving at once");
    process.kill(process.pid, "SIGKILL");`;
  const { signal, stderr } = spawnSync(process.execPath, ["--input-type=module-typescript", "--eval", program], {
    encoding: "utf8",
    timeout: 60_000,
    killSignal: "SIGTERM",
  });
  expect(signal).toBe("SIGKILL");
  const lines = stderr
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  expect(lines).toMatchObject([
    { role: "gateway", msg: "stopping" },
    { role: "gateway", msg: "leaving at once", reason: "SIGTERM" },
  ]);
});
