import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { configSchema } from "../../app/config-schema.ts";
import { gatewayEnvironment, gatewayFlags } from "../../app/gateway-process.ts";
import { parseConfig } from "../../config/load-config.ts";
import { needsDockerCompose } from "../support/needs.ts";

const file = "docker-compose.yml";
const secrets = {
  PLUMBLINE_CLICKHOUSE_PASSWORD: "a-secret",
  PLUMBLINE_READER_PASSWORD: "b-secret",
  PLUMBLINE_GRAFANA_PASSWORD: "c-secret",
} as const;

const composeShape = z.object({
  services: z.record(
    z.string(),
    z.object({
      healthcheck: z.object({ test: z.array(z.string()).min(2) }),
      volumes: z.array(z.unknown()).min(1),
      command: z.array(z.string()).optional(),
      ports: z.array(z.string()).optional(),
    }),
  ),
});

/** The file as `docker-compose` understands it; it rejects with what is wrong. */
const composeConfig = async (environment: Readonly<Record<string, string>>): Promise<string> => {
  const env = { PATH: process.env["PATH"] ?? "", ...environment };
  const { stdout } = await promisify(execFile)("docker-compose", ["--file", file, "config"], { env, timeout: 60_000 });
  return stdout;
};

describe("docker-compose.yml", () => {
  test("is valid, and every service has a healthcheck and its data outside the container", {
    timeout: 90_000,
  }, async (context) => {
    needsDockerCompose(context);
    const { services } = composeShape.parse(parse(await composeConfig(secrets)));
    expect(Object.keys(services).sort()).toEqual(
      ["clickhouse", "collector", "console", "gateway", "grafana", "kafka", "processors"].sort(),
    );
    const roles = Object.values(services).flatMap(({ command }) => command?.[2] ?? []);
    expect(roles.sort()).toEqual(["alerts,console", "gateway", "processors"]);
    const published = Object.values(services).flatMap(({ ports }) => ports ?? []);
    expect(published.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
  });

  test("starts with no password that it was not given", { timeout: 90_000 }, async (context) => {
    needsDockerCompose(context);
    await expect(composeConfig({})).rejects.toThrow(/set it in \.env/);
    expect(readFileSync("deploy/compose/env.example", "utf8")).toMatch(/^(#.*\n|[A-Z_]+=\n)+$/);
  });

  test("starts the gateway with the settings that `npm start` gives it, and so does the manual", () => {
    const shape = z.object({ services: z.object({ gateway: z.object({ entrypoint: z.array(z.string()) }) }) });
    const { entrypoint } = shape.parse(parse(readFileSync(file, "utf8"))).services.gateway;
    const settings = Object.entries(gatewayEnvironment).map(([name, value]) => `${name}=${value}`);
    const command = [...settings, "node", ...gatewayFlags, "bin/plumbline.js"];
    expect(entrypoint).toEqual(["env", ...command]);
    expect(readFileSync("docs/operate.md", "utf8")).toContain(`\n${command.join(" ")} serve --roles gateway\n`);
  });

  test("gives the roles a configuration that stands, once the password is there", () => {
    const source = { file, schema: configSchema, text: readFileSync("deploy/compose/plumbline.yaml", "utf8") };
    expect(parseConfig({ ...source, environment: secrets })).toMatchObject({
      ok: true,
      config: { bus: { kind: "kafka", brokers: ["kafka:9092"] }, store: { kind: "server", password: "a-secret" } },
    });
    expect(parseConfig({ ...source, environment: {} })).toMatchObject({ ok: false });
  });
});
