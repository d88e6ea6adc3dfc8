/** Lengths of IBANs by country, from the IBAN registry of SWIFT. */
const ibanLengths =
  "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

const lengthByCountry: ReadonlyMap<string, number> = new Map(
  ibanLengths.split(" ").map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Characters in an IBAN of a country; null for a country that has none. */
export const ibanLengthOf = (country: string): number | null => lengthByCountry.get(country) ?? null;

/** Whether the check digits of an IBAN without spaces are right: ISO 13616, remainder 1 modulo 97. */
export const isIban = (iban: string): boolean => {
  if (iban.length !== ibanLengthOf(iban.slice(0, 2))) {
    return false;
  }
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
};

/** Whether 12 to 19 digits have a right check digit by Luhn's formula, as payment cards do. */
export const isLuhnNumber = (digits: string): boolean => {
  if (digits.length < 12 || digits.length > 19) {
    return false;
  }
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 0x30;
    const doubled = digit * 2;
    sum += index % 2 === 0 ? digit : doubled - (doubled > 9 ? 9 : 0);
  }
  return sum % 10 === 0;
};

/** Whether digits begin as the cards of an issuer do: 2 to 6, or 1800 for old JCB cards. */
export const hasIssuerDigits = (digits: string): boolean => /^(?:[2-6]|1800)/.test(digits);
