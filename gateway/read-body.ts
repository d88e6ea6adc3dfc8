import type { IncomingMessage } from "node:http";
import { joined } from "./joined.ts";

/** A request body, or why there is none. */
export type BodyResult =
  | { readonly kind: "read"; readonly body: Buffer }
  | { readonly kind: "too_large" }
  /** The caller went away before its request was complete. */
  | { readonly kind: "gone" };

/**
 * Reads a request body of at most `limitBytes`. The bytes of a larger one are let go as they come, so that the caller can
 * finish sending and read the answer; nothing of it is kept.
 */
export const readBody = (request: IncomingMessage, limitBytes: number): Promise<BodyResult> =>
  new Promise((resolve) => {
    const announced = Number(request.headers["content-length"] ?? 0);
    const chunks: Buffer[] = [];
    let bytes = 0;
    const refuse = (): void => {
      chunks.length = 0;
      resolve({ kind: "too_large" });
    };
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limitBytes) {
        refuse();
      } else {
        chunks.push(chunk);
      }
    });
    request.on("end", () => {
      resolve({ kind: "read", body: joined(chunks) });
    });
    request.on("error", () => resolve({ kind: "gone" }));
    if (announced > limitBytes) {
      refuse();
    }
  });
