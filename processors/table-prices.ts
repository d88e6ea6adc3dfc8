import { calcPrice } from "@pydantic/genai-prices";
import type { PriceStep } from "../core/token-prices.ts";
import { exactSteps } from "./table-steps.ts";

/** What the public table says of a model at a time. */
export interface TableModel {
  /** `provider/model` in the table's own names. */
  readonly priceId: string;
  /** All of its prices; null where they are not all per token, so that the table's own sum has to be asked for. */
  readonly steps: readonly PriceStep[] | null;
}

/** Looks a model up; null when the table does not have it. `atMs` is milliseconds since the Unix epoch. */
export type TableLookup = (asked: {
  readonly providerId: string;
  readonly model: string;
  readonly atMs: number;
}) => TableModel | null;

const minuteMs = 60_000;
const mostKept = 4_096;

/**
 * A lookup that keeps what it found for a minute of calls: prices change at a date or at a minute of the day, and finding a model
 * takes the table longer than all the rest of pricing a call.
 */
export const createTableLookup = (): TableLookup => {
  const kept = new Map<string, TableModel | null>();
  return ({ providerId, model, atMs }) => {
    const minute = Math.floor(atMs / minuteMs);
    const key = `${minute}/${providerId}/${model}`;
    const known = kept.get(key);
    if (known !== undefined) {
      return known;
    }
    if (kept.size >= mostKept) {
      kept.clear();
    }
    const found = lookUp(providerId, model, new Date(minute * minuteMs));
    kept.set(key, found);
    return found;
  };
};

const lookUp = (providerId: string, model: string, timestamp: Date): TableModel | null => {
  const found = calcPrice({ input_tokens: 0, output_tokens: 0 }, model, { providerId, timestamp });
  return found === null
    ? null
    : { priceId: `${found.provider.id}/${found.model.id}`, steps: exactSteps(found.model_price) };
};
