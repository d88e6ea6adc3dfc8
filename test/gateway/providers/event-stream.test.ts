import { describe, expect, test } from "vitest";
import { BedrockSink } from "../../../gateway/providers/bedrock-sink.ts";
import { EventStreamReader } from "../../../gateway/providers/event-stream.ts";
import { converseEvent, eventStreamMessage } from "../support/event-stream-bytes.ts";

const message = converseEvent("messageStop", { stopReason: "end_turn" });

describe("a reader of Amazon's event stream", () => {
  test.each(Array.from({ length: message.length }, (_, at) => at))("sees that byte %i is wrong", (at) => {
    const damaged = Buffer.from(message);
    damaged.writeUInt8(damaged.readUInt8(at) ^ 0x10, at);
    const reader = new EventStreamReader();
    const read = reader.push(damaged);
    expect(read.ok && read.messages.length > 0).toBe(false);
    expect(read.ok && !reader.isMidMessage).toBe(false);
  });

  test("passes over headers that are no text", () => {
    const reader = new EventStreamReader();
    const read = reader.push(eventStreamMessage({ ":message-type": "event" }, {}));
    expect(read.ok && read.messages.map(({ headers }) => [...headers])).toEqual([[[":message-type", "event"]]]);
  });
});

/** What is handed on of an answer of the given type that arrives in these chunks. */
const decode = (chunks: readonly Buffer[], type = "application/vnd.amazon.eventstream") => {
  const seen: unknown[] = [];
  const sink = new BedrockSink(
    {
      onHead: (status, headers) => seen.push([status, headers["content-type"]]),
      onChunk: (chunk) => seen.push(chunk.toString()),
      onEnd: () => seen.push("end"),
      onFailure: (failure) => seen.push(failure),
    },
    () => seen.push("abort"),
  );
  sink.onHead(200, { "content-type": type });
  for (const chunk of chunks) {
    sink.onChunk(chunk);
  }
  sink.onEnd();
  return seen;
};

describe("Bedrock's answers", () => {
  const head = [200, "text/event-stream"];

  test("that are streams become server-sent events", () => {
    const sent = 'data: {"messageStop":{"stopReason":"end_turn"}}\n\n';
    expect(decode([message, message.subarray(0, 5), message.subarray(5)])).toEqual([head, sent, sent, "end"]);
  });

  test("tell an exception as an event of its own", () => {
    const exception = eventStreamMessage(
      { ":message-type": "exception", ":exception-type": "throttlingException" },
      { message: "Slow down." },
    );
    const sent = { exception: { type: "throttlingException", message: "Slow down." } };
    expect(decode([exception])).toEqual([head, `data: ${JSON.stringify(sent)}\n\n`, "end"]);
  });

  test("that end within a message are cut", () => {
    expect(decode([message.subarray(0, 20)])).toEqual([head, { kind: "cut", errorType: "incomplete" }]);
  });

  test("that are no such stream are let go, and fail once", () => {
    const failure = { kind: "cut", errorType: "malformed_frame" };
    expect(decode([Buffer.alloc(40, "x"), message])).toEqual([head, "abort", failure]);
  });

  test("of other types pass as they are", () => {
    expect(decode([Buffer.from("{}")], "application/json")).toEqual([[200, "application/json"], "{}", "end"]);
  });
});
