/** A run of digits and the separators used in phone numbers, with an extension; what it finds is judged by `isPhone`. */
const candidate =
  /(?<![\w.,:/$€£#=%@-])(?:\+ ?)?\(?\d[\d ()./-]{5,24}\d(?: ?(?:x|ext\.?) ?\d{1,6})?(?![\w%])(?!\.\d|-\d)/g;
const extension = / ?(?:x|ext\.?) ?\d{1,6}$/;
const word =
  "(?:phone|tel|telephone|call|mobile|cell|fax|contact|number|whatsapp|sms|text|dial|reach|ring|desk|office|home|work|answering)";
const wordBefore = new RegExp(`\\b${word}\\b[^\\d]{0,24}$`, "i");
const wordAfter = new RegExp(`^\\s{1,3}\\(?${word}\\b`, "i");
const date = /^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:\d{2}|\d{4}))(?:$| )/;

/** Characters around a number in which a word such as "phone" makes it one. */
const lookAround = 40;

/** Replaces phone numbers: international ones, those with an area code in parentheses or in groups, and others beside a word. */
export const redactPhones = (text: string): string =>
  text.replace(candidate, (found: string, at: number) => {
    const end = at + found.length;
    const before = text.slice(Math.max(0, at - lookAround), at);
    const isNamed = wordBefore.test(before) || wordAfter.test(text.slice(end, end + lookAround));
    return isPhone(found, isNamed) ? "[PHONE]" : found;
  });

const isPhone = (found: string, isNamed: boolean): boolean => {
  const number = found.replace(extension, "");
  const groups = number.split(/[^\d]+/).filter((group) => group !== "");
  const digits = groups.reduce((sum, group) => sum + group.length, 0);
  if (digits < 7 || digits > 15 || groups.length > 7 || date.test(number)) {
    return false;
  }
  return isNamed || number.startsWith("+") || number.startsWith("00") || hasPhoneShape(number, groups);
};

/** National numbers: groups of 3, 3 and 4 digits, or an area code in parentheses or with a leading 0 and no lone digits. */
const hasPhoneShape = (number: string, groups: readonly string[]): boolean => {
  const sizes = groups.map(({ length }) => length).join("-");
  if (/^(?:1-|3-)?3-3-4$/.test(sizes)) {
    return true;
  }
  const hasAreaCode = /^\(\d{2,5}\)/.test(number) || /^0\d/.test(number);
  return groups.length >= 2 && hasAreaCode && groups.every(({ length }) => length >= 2);
};
