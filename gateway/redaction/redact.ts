import { redactAddresses } from "./addresses.ts";
import { redactBankNumbers } from "./bank-numbers.ts";
import { redactEmails } from "./emails.ts";
import { redactPhones } from "./phones.ts";
import { redactSecrets } from "./secrets.ts";
import { findTriggers } from "./triggers.ts";

/**
 * The text with e-mail addresses, phone numbers, card numbers, IBANs, US social security numbers, IP addresses and secrets
 * replaced by `[EMAIL]`, `[PHONE]`, `[CARD]`, `[IBAN]`, `[SSN]`, `[IP]` and `[SECRET]`. Names and postal addresses stay.
 * The time it takes grows with the length of the text and never faster.
 */
export const redact = (text: string): string => {
  const triggers = findTriggers(text);
  // Secrets first: they may hold what looks like a number of another kind. Phones last: they are told by shape alone.
  let clean = triggers.hasLongWord ? redactSecrets(text) : text;
  clean = triggers.hasAt ? redactEmails(clean) : clean;
  clean = triggers.hasDigits ? redactBankNumbers(clean) : clean;
  clean = triggers.hasAddress ? redactAddresses(clean) : clean;
  return triggers.hasDigits ? redactPhones(clean) : clean;
};
