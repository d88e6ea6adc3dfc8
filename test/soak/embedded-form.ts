import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../servers/free-ports.ts";
import type { Fault, Form } from "./form.ts";
import { atRandomMoments, pause, sqlOver, untilSo } from "./form.ts";
import { largeSometimes } from "./large-sometimes.ts";
import { poison } from "./poison.ts";
import { redriveTwice } from "./redrive-twice.ts";
import { Service } from "./service.ts";

/** Everything in one folder: the gateway and the pipeline are two processes, bus and store are files. */
export const embeddedForm = async (): Promise<Form> => {
  const dir = mkdtempSync(join(tmpdir(), "plumbline-soak-"));
  const [gateway = 0, page = 0, sql = 0] = await freePorts(3);
  writeFileSync(
    join(dir, "plumbline.yaml"),
    `store: { kind: embedded, http: { port: ${sql} } }
console: { port: ${page} }
processors: { lingerMs: 100 }
gateway: { port: ${gateway} }
`,
  );
  const gatewayUrl = `http://127.0.0.1:${gateway}`;
  const all = new Service("plumbline", { dir, roles: [] });
  return {
    name: "embedded",
    gatewayUrl,
    start: () => all.start(),
    faults: (kills) => faultsOf({ all, gatewayUrl, dir }, kills),
    runSql: sqlOver(`http://127.0.0.1:${sql}`),
    remove: async (isKept) => {
      if (all.isRunning) {
        await all.stop();
      }
      if (!isKept) {
        rmSync(dir, { recursive: true, force: true });
      }
    },
  };
};

interface Parts {
  readonly all: Service;
  readonly gatewayUrl: string;
  readonly dir: string;
}

const faultsOf = (parts: Parts, kills: number): readonly Fault[] => {
  const { all, dir } = parts;
  const half = Math.ceil(kills / 2);
  return [
    { name: "none", act: () => pause(1_000) },
    {
      name: `kill -9 of the gateway, ${half} times`,
      act: () => atRandomMoments(half, { upToMs: 1_500, act: () => killGateway(parts) }),
    },
    {
      name: `kill -9 of pipeline and store, ${kills - half} times`,
      act: () =>
        atRandomMoments(kills - half, {
          upToMs: 1_500,
          act: async () => {
            await all.kill();
            await all.start();
          },
        }),
    },
    {
      name: "pipeline and store stand still for 20 s",
      act: async () => {
        all.freeze();
        await pause(20_000);
        all.thaw();
      },
    },
    { name: "random and cut bytes on the topic", act: () => poison({ dir, records: 500 }) },
    { name: "all dead letters are sent again, twice", act: () => redriveTwice(dir) },
    { name: "records of 0.9, 1.0 and 1.1 MB", textBytes: largeSometimes, act: () => pause(5_000) },
    {
      name: "everything is stopped in order and started again, 3 times",
      act: () =>
        atRandomMoments(3, {
          upToMs: 3_000,
          act: async () => {
            await all.stop();
            await all.start();
          },
        }),
    },
  ];
};

const killGateway = async ({ all, gatewayUrl }: Parts): Promise<void> => {
  const pid = all.gatewayPid;
  process.kill(pid, "SIGKILL");
  await untilSo(async () => all.gatewayPid !== pid && (await fetch(`${gatewayUrl}/readyz`)).ok, 60_000);
};
