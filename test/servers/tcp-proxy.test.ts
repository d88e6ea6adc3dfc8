import { once } from "node:events";
import type { Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFrameEnds } from "./frame-ends.ts";
import type { TcpProxy } from "./tcp-proxy.ts";
import { startTcpProxy } from "./tcp-proxy.ts";

const hourMs = 3_600_000;

/** Holds as soon as the value is as expected; only the limit of the test ends the wait. */
const eventually = (value: () => unknown) => expect.poll(value, { interval: 5, timeout: 15_000 });

const frame = (text: string): Buffer => {
  const size = Buffer.alloc(4);
  size.writeInt32BE(Buffer.byteLength(text));
  return Buffer.concat([size, Buffer.from(text)]);
};

/** A server that keeps what it gets and answers each chunk with the same bytes. */
const startEcho = async (): Promise<{ readonly server: Server; readonly port: number; readonly got: () => string }> => {
  let got = "";
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      got += String(chunk);
      socket.write(chunk);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return { server, port: typeof address === "object" && address !== null ? address.port : 0, got: () => got };
};

describe("a proxy", () => {
  let echo: Awaited<ReturnType<typeof startEcho>>;
  let proxy: TcpProxy;
  const clients: Socket[] = [];

  /** A client that keeps what it gets; `closed` tells whether an error closed it. */
  const open = async () => {
    const socket = connect({ port: proxy.port, host: "127.0.0.1" });
    clients.push(socket);
    let got = "";
    socket.on("data", (chunk) => {
      got += String(chunk);
    });
    await once(socket, "connect");
    socket.on("error", () => {});
    const closed = new Promise<boolean>((resolve) => socket.on("close", resolve));
    return { socket, got: () => got, closed };
  };

  beforeEach(async () => {
    echo = await startEcho();
    proxy = await startTcpProxy(echo.port);
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await proxy.stop();
    await new Promise((resolve) => echo.server.close(resolve));
  });

  test("forwards both ways, and ends when the client does", async () => {
    const { socket, got, closed } = await open();
    socket.end("hello");
    expect(await closed).toBe(false);
    expect({ got: got(), connections: proxy.connections }).toEqual({ got: "hello", connections: 0 });
  });

  test("holds answers back until it is restored", async () => {
    proxy.delay("toClient", hourMs);
    const { socket, got } = await open();
    socket.write("hello");
    await eventually(echo.got).toBe("hello");
    expect(got()).toBe("");
    await proxy.restore();
    await eventually(got).toBe("hello");
  });

  test("holds requests back for their time", async () => {
    proxy.delay("toServer", 5);
    const { socket, got } = await open();
    socket.write("hello");
    await eventually(got).toBe("hello");
  });

  test("loses answers after so many bytes while the connection stays open", async () => {
    const { socket, got } = await open();
    socket.write("hello");
    await eventually(got).toBe("hello");
    proxy.lose("toClient", { bytes: 3 });
    socket.write("again");
    await eventually(got).toBe("helloaga");
    socket.write("more");
    await eventually(echo.got).toBe("helloagainmore");
    expect({ got: got(), isOpen: !socket.destroyed }).toEqual({ got: "helloaga", isOpen: true });
  });

  test("loses answers after so many frames, however they are cut into chunks", async () => {
    proxy.lose("toClient", { frames: 2 });
    const { socket, got } = await open();
    const [kept, rest] = [Buffer.concat([frame("one"), frame("two").subarray(0, 5)]), frame("two").subarray(5)];
    socket.write(kept);
    await eventually(got).toBe(String(kept));
    socket.write(Buffer.concat([rest, frame("three")]));
    await eventually(() => proxy.lostBytes("toClient")).toBe(frame("three").length);
    expect(got()).toBe(String(Buffer.concat([kept, rest])));
  });

  test("a lost answer resets its connection when all is restored, and others go on", async () => {
    const [harmed, other] = [await open(), await open()];
    proxy.lose("toClient", { bytes: 0 });
    harmed.socket.write("lost");
    await eventually(() => proxy.lostBytes("toClient")).toBe(4);
    await proxy.restore();
    expect(await harmed.closed).toBe(true);
    other.socket.write("kept");
    await eventually(other.got).toBe("kept");
    expect(harmed.got()).toBe("");
  });

  test("a server's end is lost like its answers", async () => {
    const { socket, got, closed } = await open();
    proxy.lose("toClient", { bytes: 0 });
    socket.end("last words");
    await eventually(() => proxy.lostBytes("toClient")).toBe(10);
    expect({ got: got(), isOpen: !socket.destroyed }).toEqual({ got: "", isOpen: true });
    await proxy.restore();
    expect(await closed).toBe(true);
  });

  test("cuts what is open and accepts anew", async () => {
    const { closed } = await open();
    await eventually(() => proxy.connections).toBe(1);
    proxy.cut();
    expect(await closed).toBe(true);
    const { socket: second, got } = await open();
    second.write("hello");
    await eventually(got).toBe("hello");
  });

  test("refuses new connections until it is restored, and those that are open stay", async () => {
    const { socket, got } = await open();
    await eventually(() => proxy.connections).toBe(1);
    proxy.refuse();
    await expect(open()).rejects.toMatchObject({ code: "ECONNREFUSED" });
    socket.write("hello");
    await eventually(got).toBe("hello");
    await proxy.restore();
    await open();
  });

  test("a client is reset when the server refuses", async () => {
    echo.server.close();
    await once(echo.server, "close");
    const { closed } = await open();
    expect(await closed).toBe(true);
  });
});

test("the ends of frames do not depend on how the stream is cut", () => {
  const frames = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (bodies, sizes) => {
      const stream = Buffer.concat(bodies.map((body) => frame(Buffer.from(body).toString("latin1"))));
      const expected = createFrameEnds()(stream);
      const next = createFrameEnds();
      const found: number[] = [];
      for (let at = 0, turn = 0; at < stream.length; turn += 1) {
        const chunk = stream.subarray(at, at + (sizes[turn % sizes.length] ?? 1));
        found.push(...next(chunk).map((end) => at + end));
        at += chunk.length;
      }
      expect(found).toEqual(expected);
      expect(expected.length).toBe(bodies.length);
      expect(expected.at(-1) ?? 0).toBe(stream.length);
    }),
  );
});
