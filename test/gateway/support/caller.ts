import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request } from "node:http";
import { z } from "zod";

/** What to ask a gateway. */
export interface CallerRequest {
  readonly port: number;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes are sent as they are, everything else as JSON. */
  readonly body?: unknown;
}

/** A whole response. */
export interface CallerResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether the body ended as HTTP says it should. */
  readonly isComplete: boolean;
}

/** A response that is being read. */
export interface OpenResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Resolves when the bytes so far contain `text`. */
  readonly until: (text: string) => Promise<void>;
  /** The bytes so far. */
  readonly text: () => string;
  /** Resolves when the response is over. */
  readonly rest: () => Promise<CallerResponse>;
  /** Goes away without reading on. */
  readonly hangUp: () => void;
  readonly message: IncomingMessage;
}

/** Sends a request and reads the whole response. */
export const ask = async (args: CallerRequest): Promise<CallerResponse> => (await open(args)).rest();

/** Sends a request and hands back the response as soon as its head is there. */
export const open = async (args: CallerRequest): Promise<OpenResponse> => {
  const sent = send(args);
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once("response", resolve);
    sent.once("error", reject);
  });
  return follow(message, sent);
};

/** Sends a request and does not wait for its response. */
export const send = ({ port, path, method, headers, body }: CallerRequest): ClientRequest => {
  const sent = request({
    port,
    host: "127.0.0.1",
    path: path ?? "/v1/chat/completions",
    method: method ?? "POST",
    agent: false,
    headers: { "content-type": "application/json", ...headers },
  });
  if (body === undefined) {
    sent.end();
  } else {
    sent.end(Buffer.isBuffer(body) || typeof body === "string" ? body : JSON.stringify(body));
  }
  return sent;
};

const follow = (message: IncomingMessage, sent: ClientRequest): OpenResponse => {
  const chunks: Buffer[] = [];
  const checks = new Set<() => void>();
  const text = (): string => Buffer.concat(chunks).toString("utf8");
  message.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    for (const check of [...checks]) {
      check();
    }
  });
  message.on("error", () => {});
  const closed = new Promise<void>((resolve) => {
    message.once("close", resolve);
  });
  const { statusCode, headers } = message;
  return {
    status: statusCode ?? 0,
    headers,
    message,
    text,
    until: (wanted) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (text().includes(wanted)) {
            checks.delete(check);
            resolve();
          }
        };
        checks.add(check);
        check();
      }),
    rest: async () => {
      await closed;
      return { status: statusCode ?? 0, headers, body: Buffer.concat(chunks), isComplete: message.complete };
    },
    hangUp: () => sent.destroy(),
  };
};

const errorShape = z.strictObject({
  error: z.strictObject({
    message: z.string().min(1),
    type: z.string().min(1),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
});

/** The error of a response in OpenAI's shape; fails on any other. */
export const errorOf = (response: CallerResponse): z.infer<typeof errorShape>["error"] =>
  errorShape.parse(JSON.parse(response.body.toString("utf8"))).error;
