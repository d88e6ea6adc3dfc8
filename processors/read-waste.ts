import { plumbline } from "../core/attributes.ts";
import type { WastedTokens } from "../core/waste.ts";
import { wastedTokensList } from "../core/waste.ts";
import type { Attributes } from "./otlp-span.ts";
import { textOf } from "./read-attribute.ts";

/** What the lost attempts of a call used; null when its span does not say so in the form agreed on. */
export const readWaste = (attributes: Attributes): readonly WastedTokens[] | null => {
  const text = textOf(attributes, plumbline.waste);
  if (text === null) return null;
  try {
    const parsed = wastedTokensList.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
};
