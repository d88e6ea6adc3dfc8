import { connect } from "node:net";

const correlationId = 1;
const clientId = "fixture";
const sizeBytes = 4;

/** A request of Kafka's protocol. */
export interface BrokerRequest {
  readonly apiKey: number;
  readonly apiVersion: number;
  /** What follows the header's client id. */
  readonly body: Buffer;
}

/**
 * Sends one request to the broker on a port of loopback; resolves with what follows the correlation id of its answer, and
 * with null when nobody answers within `timeoutMs`.
 */
export const askBroker = (port: number, request: BrokerRequest, timeoutMs: number): Promise<Buffer | null> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: timeoutMs });
    let received: Buffer = Buffer.alloc(0);
    const finish = (answer: Buffer | null): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("connect", () => socket.write(encode(request)));
    socket.on("timeout", () => finish(null));
    socket.on("error", () => finish(null));
    socket.on("close", () => finish(null));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      const end = received.length < sizeBytes ? Number.POSITIVE_INFINITY : sizeBytes + received.readInt32BE(0);
      if (received.length >= end) finish(received.subarray(sizeBytes + 4, end));
    });
  });

/** Size, key, version, correlation id, client id and its length, body. */
const encode = ({ apiKey, apiVersion, body }: BrokerRequest): Buffer => {
  const header = Buffer.alloc(sizeBytes + 10);
  header.writeInt32BE(10 + clientId.length + body.length, 0);
  header.writeInt16BE(apiKey, 4);
  header.writeInt16BE(apiVersion, 6);
  header.writeInt32BE(correlationId, 8);
  header.writeInt16BE(clientId.length, 12);
  return Buffer.concat([header, Buffer.from(clientId), body]);
};
