import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pause } from "./form.ts";

const plumbline = fileURLToPath(new URL("../../bin/plumbline.js", import.meta.url));

/** Sends every dead letter again, twice, by the command line in a folder with a configuration. */
export const redriveTwice = async (cwd: string): Promise<void> => {
  for (let time = 0; time < 2; time += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, [plumbline, "dlq", "redrive", "--all"], { cwd });
    if (stdout === "") {
      throw new Error("dlq redrive said nothing");
    }
    await pause(3_000);
  }
};
