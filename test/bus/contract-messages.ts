import type { BusMessage } from "../../bus/bus.ts";
import { PlumblineError } from "../../core/errors.ts";
import type { BusUnderTest } from "./contract.ts";

/** Makes an empty bus for one test; the contract closes it. */
export type OpenForTest = (partitions?: number) => Promise<BusUnderTest>;

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** The text of UTF-8 bytes. */
export const textOf = (value: Uint8Array): string => new TextDecoder().decode(value);

/** A message whose value is a text. */
export const message = (topic: string, value: string, key: string | null = null): BusMessage => ({
  topic,
  key,
  value: text(value),
});

/** The numbers from 0 up to but not including `count`. */
export const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** The code of an error of ours; of any other, its text. */
export const codeOf = (error: unknown): string => (error instanceof PlumblineError ? error.code : String(error));
