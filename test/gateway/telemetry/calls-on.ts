import { plumbline } from "../../../core/attributes.ts";
import { topics } from "../../../core/topics.ts";
import type { MemoryBus } from "../../support/memory-bus.ts";
import type { DecodedSpan } from "./decode-request.ts";
import { decodeRequest } from "./decode-request.ts";

/** The spans of calls on a bus, in order, without those of their attempts. */
export const callsOn = (bus: MemoryBus): readonly DecodedSpan[] =>
  bus
    .recordsOf(topics.spans)
    .flatMap(({ value }) => decodeRequest(value))
    .filter(({ attributes }) => attributes[plumbline.span] === "call");
