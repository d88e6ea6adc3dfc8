import { hasIssuerDigits, ibanLengthOf, isIban, isLuhnNumber } from "./check-digits.ts";

const iban = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}/g;
const digitGroups = /(?<![\d.,])\d(?:[ -]?\d){12,22}(?![\d])/g;
const socialSecurity = /(?<![\d-])(?!000|666|9\d\d)\d{3}([- .])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])/g;
const namedSocialSecurity = /(?<=\b(?:ssn|social security)\D{0,24})\d{9}(?!\d)/gi;

const cardBefore = /\bcard\b\D{0,24}$/i;

/** Characters before a number in which the word "card" makes it one, whoever its issuer. */
const lookBehind = 40;

/** Replaces IBANs and payment cards, both only with right check digits, and US social security numbers. */
export const redactBankNumbers = (text: string): string =>
  text
    .replace(iban, replaceIban)
    .replace(digitGroups, replaceCards)
    .replace(socialSecurity, "[SSN]")
    .replace(namedSocialSecurity, "[SSN]");

/** A candidate may run on into the next word: the country says how long the number is. */
const replaceIban = (found: string): string => {
  const length = ibanLengthOf(found.slice(0, 2));
  if (length === null) {
    return found;
  }
  let end = 0;
  let characters = 0;
  while (end < found.length && characters < length) {
    characters += found[end] === " " || found[end] === "-" ? 0 : 1;
    end += 1;
  }
  const number = found.slice(0, end).replaceAll(/[ -]/g, "");
  return isIban(number) ? `[IBAN]${found.slice(end)}` : found;
};

/** A card may stand beside other numbers: every run of whole groups is tried, the longest first. */
const replaceCards = (found: string, at: number, text: string): string => {
  const isNamed = cardBefore.test(text.slice(Math.max(0, at - lookBehind), at));
  const groups = found.split(/([ -])/);
  for (let from = 0; from < groups.length; from += 2) {
    for (let to = groups.length; to > from; to -= 2) {
      const digits = groups
        .slice(from, to)
        .filter((_, index) => index % 2 === 0)
        .join("");
      if (isLuhnNumber(digits) && (isNamed || hasIssuerDigits(digits))) {
        return `${groups.slice(0, from).join("")}[CARD]${groups.slice(to).join("")}`;
      }
    }
  }
  return found;
};
