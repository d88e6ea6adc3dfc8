import { randomInt } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:net";
import { createServer } from "node:net";

const host = "127.0.0.1";
const lowest = 10_000;
const highest = 32_000;

/**
 * Finds ports of loopback on which nobody listens, for servers that are started again on their port. The ports that the
 * system hands out lie above: while a server is down, an outgoing connection could be given its port, even one to itself.
 */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const servers: Server[] = [];
  try {
    while (servers.length < count) {
      const server = await listen(randomInt(lowest, highest));
      if (server !== null) servers.push(server);
    }
    return servers.map(portOf);
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
};

const listen = async (port: number): Promise<Server | null> => {
  const server = createServer();
  try {
    await once(server.listen(port, host), "listening");
    return server;
  } catch {
    return null;
  }
};

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};
