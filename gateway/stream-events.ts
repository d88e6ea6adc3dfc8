import type { SseData } from "./sse-data.ts";

/** Reads the events of one stream, and makes of them what the caller gets. */
export interface StreamEvents {
  /** Whether the stream has said that it is over; the bytes of the event that said so go out after the call's record. */
  readonly isDone: boolean;
  /** The bytes that the caller gets for an event like the one before it; null for every other, which has to be read. */
  readonly readAlike: (event: Buffer) => Buffer | null;
  /** Reads one event; returns the bytes that the caller gets for it. */
  readonly read: (event: Buffer, data: SseData) => Buffer;
  /** What the caller still has to get when the stream ends well without having said so. */
  readonly end: () => Buffer;
  /** Whether an event that is not read, being too large or no data, is handed on as it is. */
  readonly passesUnread: boolean;
}
