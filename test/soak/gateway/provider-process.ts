import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const report = z.object({ asked: z.base64() });

/** The provider in a process of its own. */
export interface ProviderProcess {
  /** How often it was asked for the call of each number. */
  readonly asked: () => Promise<Uint8Array>;
  readonly stop: () => Promise<void>;
}

/** Starts the provider on a port, for calls of the numbers 1 to `calls`. */
export const startProvider = async (port: number, calls: number): Promise<ProviderProcess> => {
  const file = fileURLToPath(new URL("../fixtures/mixed-provider.ts", import.meta.url));
  const child = fork(file, [String(port), String(calls)], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const exited = once(child, "exit");
  await Promise.race([
    once(child, "message"),
    exited.then(() => {
      throw new Error("the provider ended before it served");
    }),
  ]);
  return {
    asked: async () => {
      const said = once(child, "message");
      child.send("report");
      const [message]: readonly unknown[] = await said;
      return Buffer.from(report.parse(message).asked, "base64");
    },
    stop: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
};
