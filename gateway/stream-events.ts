import type { SseData } from "./sse-data.ts";

/** Whole events that repeat the one before them but for their text. */
export interface AlikeEvents {
  /** Offset after the last of them. */
  readonly end: number;
  /** What the caller gets of them. */
  readonly bytes: Buffer;
}

/** Reads the events of one stream, and makes of them what the caller gets. */
export interface StreamEvents {
  /** Whether the stream has said that it is over; the bytes of the event that said so go out after the call's record. */
  readonly isDone: boolean;
  /** Reads as many events as are like the one before them, from an offset on; null where the next has to be read by itself. */
  readonly readAlike: (chunk: Buffer, start: number) => AlikeEvents | null;
  /** Reads one event; returns the bytes that the caller gets for it. */
  readonly read: (event: Buffer, data: SseData) => Buffer;
  /** What the caller still has to get when the stream ends well without having said so. */
  readonly end: () => Buffer;
  /** Whether an event that is not read, being too large or no data, is handed on as it is. */
  readonly passesUnread: boolean;
}
