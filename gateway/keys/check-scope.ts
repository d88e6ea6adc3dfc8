import type { Refusal } from "../refusal.ts";
import type { VirtualKey } from "./key-table.ts";

/** Why a key may not be used for a model on a route; null when it may, and where there is no key. */
export const checkScope = (
  key: VirtualKey | null,
  asked: { readonly route: string; readonly model: string },
): Refusal | null => {
  if (key?.routes?.has(asked.route) === false) {
    return refuse(`The key "${key.id}" may not use the route "${asked.route}".`);
  }
  return key === null || mayAskFor(key, asked.model)
    ? null
    : { ...refuse(`The key "${key.id}" may not ask for the model '${asked.model}'.`), param: "model" };
};

/** Whether a key allows a model; one without a list allows all. */
export const mayAskFor = (key: Pick<VirtualKey, "models">, model: string): boolean => key.models?.has(model) ?? true;

const refuse = (message: string): Refusal => ({ code: "key.forbidden", message, param: null });
