import { once } from "node:events";
import type { Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import type { FaultyLink, LossLimit } from "./faulty-link.ts";
import { createFaultyLink } from "./faulty-link.ts";
import { freePorts } from "./free-ports.ts";

const host = "127.0.0.1";

/** A way through the proxy: requests go to the server, answers to the client. */
export type Direction = "toServer" | "toClient";

interface Connection {
  readonly client: Socket;
  readonly server: Socket;
  readonly links: Readonly<Record<Direction, FaultyLink>>;
}

/** Forwards a port of loopback to another one, and can do to the traffic what networks do. */
export class TcpProxy {
  /** Port that clients connect to; it stays the same through every fault. */
  readonly port: number;
  readonly #targetPort: number;
  readonly #connections = new Set<Connection>();
  readonly #delays: Record<Direction, number> = { toServer: 0, toClient: 0 };
  readonly #limits: Record<Direction, LossLimit | null> = { toServer: null, toClient: null };
  readonly #lostBytes: Record<Direction, number> = { toServer: 0, toClient: 0 };
  #listener: Server | null = null;

  constructor(port: number, targetPort: number) {
    this.port = port;
    this.#targetPort = targetPort;
  }

  /** Connections that are open to a client. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Bytes of a direction that were dropped so far. */
  lostBytes(direction: Direction): number {
    return this.#lostBytes[direction];
  }

  /** Accepts connections; without effect when it does. */
  async listen(): Promise<void> {
    if (this.#listener !== null) return;
    this.#listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#forward(client));
    await once(this.#listener.listen(this.port, host), "listening");
  }

  /** Holds each chunk of a direction back for so many milliseconds, one after the other. */
  delay(direction: Direction, ms: number): void {
    this.#delays[direction] = ms;
    for (const { links } of this.#connections) links[direction].delay(ms);
  }

  /**
   * Lets so much of a direction pass on each connection, counted from now or from its start, and drops the rest while
   * the connection stays open. With `toClient` the server does the work and its answer is lost.
   */
  lose(direction: Direction, limit: LossLimit): void {
    this.#limits[direction] = limit;
    for (const { links } of this.#connections) links[direction].lose(limit);
  }

  /** Resets every connection that is open; new ones are accepted. */
  cut(): void {
    for (const connection of this.#connections) reset(connection);
  }

  /** Refuses new connections; those that are open stay. */
  refuse(): void {
    this.#listener?.close();
    this.#listener = null;
  }

  /** Ends every fault. A connection on which something was lost is reset, as its peers no longer understand each other. */
  async restore(): Promise<void> {
    for (const direction of ["toServer", "toClient"] as const) {
      this.delay(direction, 0);
      this.#limits[direction] = null;
      for (const { links } of this.#connections) links[direction].lose(null);
    }
    for (const connection of this.#connections) {
      if (connection.links.toServer.hasLost() || connection.links.toClient.hasLost()) reset(connection);
    }
    await this.listen();
  }

  /** Refuses new connections, resets the open ones, and resolves when nothing is left. */
  async stop(): Promise<void> {
    const closed = this.#listener === null ? null : once(this.#listener, "close");
    this.refuse();
    this.cut();
    await closed;
  }

  #forward(client: Socket): void {
    const server = connect({ port: this.#targetPort, host, allowHalfOpen: true, noDelay: true });
    const links = { toServer: this.#link("toServer"), toClient: this.#link("toClient") };
    const connection = { client, server, links };
    this.#connections.add(connection);
    client.pipe(links.toServer.stream).pipe(server);
    server.pipe(links.toClient.stream).pipe(client);
    client.on("error", () => {});
    server.on("error", () => {
      // A client that is to hear nothing does not hear of the server's failure either.
      if (!links.toClient.isDropping()) client.resetAndDestroy();
    });
    client.on("close", () => {
      this.#connections.delete(connection);
      for (const link of Object.values(links)) link.delay(0);
      server.destroy();
    });
  }

  #link(direction: Direction): FaultyLink {
    const link = createFaultyLink((bytes) => {
      this.#lostBytes[direction] += bytes;
    });
    link.delay(this.#delays[direction]);
    link.lose(this.#limits[direction]);
    return link;
  }
}

const reset = ({ client, server }: Connection): void => {
  client.resetAndDestroy();
  server.resetAndDestroy();
};

/** Starts a proxy before a port of loopback. */
export const startTcpProxy = async (targetPort: number): Promise<TcpProxy> => {
  const [port = 0] = await freePorts(1);
  const proxy = new TcpProxy(port, targetPort);
  await proxy.listen();
  return proxy;
};
