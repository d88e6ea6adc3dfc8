import { once } from "node:events";
import { createServer } from "node:net";
import type { Fault } from "./faults.ts";

/** The settings of a provider that has a fault, and what lets go of what it holds. */
export interface FaultyProvider {
  readonly provider: object | null;
  readonly close: () => Promise<void>;
}

/** The provider entry for a fault that is no answer; null where the upstream's script makes it. */
export const faultyProvider = async (upstream: Fault["upstream"]): Promise<FaultyProvider> => {
  const none = { close: () => Promise.resolve() };
  if (typeof upstream === "function") return { ...none, provider: null };
  if (upstream === "unknown_name") {
    return { ...none, provider: { kind: "openai", baseUrl: "http://plumbline-test.invalid/v1" } };
  }
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end("HTTP/1.1 400 no TLS here\r\n\r\n"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const close = async (): Promise<void> => {
    if (server.listening) {
      const closed = once(server, "close");
      server.close();
      await closed;
    }
  };
  if (upstream === "refused") await close();
  const scheme = upstream === "no_tls" ? "https" : "http";
  return { provider: { kind: "openai", baseUrl: `${scheme}://127.0.0.1:${port}/v1` }, close };
};
