import { connect } from "node:net";

const metadataKey = 3;
const correlationId = 1;
const clientId = "readiness";

/**
 * Asks the broker on a port of loopback which brokers are alive, by the oldest form of Kafka's metadata request; resolves
 * with their ids, and with none when nobody answers within `timeoutMs`.
 */
export const askBrokers = (port: number, timeoutMs: number): Promise<readonly number[]> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: timeoutMs });
    let received: Buffer = Buffer.alloc(0);
    const finish = (brokers: readonly number[]): void => {
      socket.destroy();
      resolve(brokers);
    };
    socket.on("connect", () => socket.write(metadataRequest()));
    socket.on("timeout", () => finish([]));
    socket.on("error", () => finish([]));
    socket.on("close", () => finish([]));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) finish(brokerIds(received));
    });
  });

/** Size, header (key, version 0, correlation id, client id), and an empty list of topics. */
const metadataRequest = (): Buffer => {
  const body = Buffer.alloc(10 + clientId.length + 4);
  body.writeInt16BE(metadataKey, 0);
  body.writeInt32BE(correlationId, 4);
  body.writeInt16BE(clientId.length, 8);
  body.write(clientId, 10, "latin1");
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
};

/** After size and correlation id comes a list of brokers: id, host (a length and its bytes) and port. */
const brokerIds = (answer: Buffer): readonly number[] => {
  const count = answer.readInt32BE(8);
  const ids: number[] = [];
  let at = 12;
  for (let index = 0; index < count; index += 1) {
    ids.push(answer.readInt32BE(at));
    at += 4 + 2 + answer.readInt16BE(at + 4) + 4;
  }
  return ids;
};
