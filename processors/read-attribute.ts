import type { Attributes, AttributeValue } from "./otlp-span.ts";

/** The text of an attribute; null when it is absent, empty or no text. */
export const textOf = (attributes: Attributes, name: string): string | null => {
  const value = attributes.get(name);
  return typeof value === "string" && value !== "" ? value : null;
};

/** The number of an attribute; null when it is absent, no number, negative, NaN or infinite. */
export const numberOf = (attributes: Attributes, name: string): number | null => {
  const value = attributes.get(name);
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
};

/** The count of an attribute; null when it is absent or no whole number from 0 to 2^53. */
export const countOf = (attributes: Attributes, name: string): number | null => {
  const value = numberOf(attributes, name);
  return value !== null && Number.isSafeInteger(value) ? value : null;
};

/** Whether an attribute is `true`. */
export const isTrue = (attributes: Attributes, name: string): boolean => attributes.get(name) === true;

/** The texts of an array attribute; a single text counts as an array of one, anything else as empty. */
export const textsOf = (attributes: Attributes, name: string): readonly string[] => {
  const value = attributes.get(name);
  if (typeof value === "string") {
    return [value];
  }
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
};

/** An attribute as text: texts as they are, numbers in decimal, arrays and maps as JSON, null as empty text. */
export const attributeText = (value: AttributeValue): string => {
  if (typeof value === "string") {
    return value;
  }
  if (value === null) {
    return "";
  }
  return typeof value === "object" ? JSON.stringify(value, bigintAsText) : String(value);
};

const bigintAsText = (_key: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);
