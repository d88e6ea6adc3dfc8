import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { residentMb } from "../../../bench/gateway/processes.ts";
import { freePorts } from "../../servers/free-ports.ts";
import { Service } from "../service.ts";
import type { Held } from "./growth.ts";
import type { ProviderProcess } from "./provider-process.ts";
import { startProvider } from "./provider-process.ts";

/** A gateway and its provider, each in a process of its own, and everything they write in one folder. */
export class GatewayUnderSoak {
  readonly dir: string;
  readonly url: string;
  readonly provider: ProviderProcess;
  readonly #service: Service;

  private constructor(args: { readonly dir: string; readonly port: number; readonly provider: ProviderProcess }) {
    this.dir = args.dir;
    this.url = `http://127.0.0.1:${args.port}`;
    this.provider = args.provider;
    this.#service = new Service("gateway", { dir: args.dir, roles: ["gateway"] });
  }

  /** Starts the provider; the gateway is started apart. */
  static async open(calls: number): Promise<GatewayUnderSoak> {
    const dir = mkdtempSync(join(tmpdir(), "plumbline-soak-"));
    const [port = 0, providerPort = 0] = await freePorts(2);
    writeFileSync(join(dir, "plumbline.yaml"), configOf(port, providerPort));
    return new GatewayUnderSoak({ dir, port, provider: await startProvider(providerPort, calls) });
  }

  /** Folder of the gateway's data. */
  get dataDir(): string {
    return join(this.dir, "plumbline-data");
  }

  start(): Promise<void> {
    return this.#service.start();
  }

  kill(): Promise<void> {
    return this.#service.kill();
  }

  stop(): Promise<void> {
    return this.#service.stop();
  }

  /** What the process holds now, when `calls` have been made; handles are NaN where `/proc` is absent. */
  look(calls: number): Held {
    const { pid } = this.#service;
    return { calls, rssMb: residentMb(pid), handles: countOf(`/proc/${pid}/fd`) };
  }

  /** What keeps the process's event loop alive, as it tells itself; null when it does not. */
  async activeResources(): Promise<number | null> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const [, count] = /^nodejs_active_resources_total (\d+)/m.exec(text) ?? [];
    return count === undefined ? null : Number(count);
  }

  /** Ends both and removes everything, unless it is to be kept for a look. */
  async remove(isKept: boolean): Promise<void> {
    if (this.#service.isRunning) {
      await this.#service.kill();
    }
    await this.provider.stop();
    if (!isKept) {
      rmSync(this.dir, { recursive: true, force: true });
    }
  }
}

const countOf = (folder: string): number => {
  try {
    return readdirSync(folder).length;
  } catch {
    return Number.NaN;
  }
};

/** Limits are short, so that calls that never end do not hold up the others; no breaker opens. */
const configOf = (port: number, providerPort: number): string => `log: { level: warn }
gateway:
  port: ${port}
  timeouts: { connectMs: 2000, headersMs: 2000, idleMs: 2000 }
  breaker: { failureShare: 1, minCalls: 1000000 }
  providers:
    open: { kind: openai, baseUrl: "http://127.0.0.1:${providerPort}/v1", responses: true, keepAliveMs: 50000 }
    other: { kind: anthropic, baseUrl: "http://127.0.0.1:${providerPort}/v1", keepAliveMs: 50000 }
  routes:
    chat: { models: [soak-chat], targets: [{ provider: open }] }
    messages: { models: [soak-messages], targets: [{ provider: other }] }
`;
