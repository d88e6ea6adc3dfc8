/** Keys that their issuers give a prefix, so that they can be found. Lengths are bounded: each start is tried once. */
const prefixed = new RegExp(
  `(?<![A-Za-z0-9])(?:${[
    "sk-[A-Za-z0-9_-]{16,200}",
    "[sprw]k_(?:live|test)_[A-Za-z0-9]{10,200}",
    "gh[pousr]_[A-Za-z0-9]{20,255}",
    "github_pat_[A-Za-z0-9_]{20,255}",
    "glpat-[A-Za-z0-9_-]{16,64}",
    "(?:AKIA|ASIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|A3T[A-Z0-9])[A-Z0-9]{16}(?![A-Za-z0-9])",
    "xox[a-z]-[A-Za-z0-9-]{8,255}",
    "xapp-[A-Za-z0-9-]{8,255}",
    "AIza[A-Za-z0-9_-]{30,40}",
    "ya29\\.[A-Za-z0-9_-]{20,255}",
    "GOCSPX-[A-Za-z0-9_-]{20,64}",
    "hf_[A-Za-z0-9]{20,64}",
    "npm_[A-Za-z0-9]{30,64}",
    "pypi-[A-Za-z0-9_-]{20,255}",
    "gsk_[A-Za-z0-9]{20,128}",
    "xai-[A-Za-z0-9]{20,128}",
    "SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,64}",
    "(?:SK|AC)[0-9a-f]{32}(?![A-Za-z0-9])",
    "shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}",
    "dop_v1_[a-f0-9]{64}",
    "eyJ[A-Za-z0-9_-]{8,4096}\\.[A-Za-z0-9_-]{8,4096}\\.[A-Za-z0-9_-]{0,4096}",
  ].join("|")})`,
  "g",
);

const bearer = /\b(bearer|basic) {1,3}[A-Za-z0-9._~+/=-]{16,4096}/gi;
const urlPassword = /(?<=:\/\/[^\s/:@]{0,64}:)[^\s/@]{1,256}(?=@)/g;

/** A value after a name that says what it is; it must hold a digit, so that prose about passwords stays. */
const assigned =
  /\b((?:api|access|secret|auth|private|client)[_ -]?(?:key|token|secret)|secret|token|passw(?:or)?d|pwd)(["']? {0,3}[:=] {0,3}["']?)(?=[^\s"']{0,64}\d)[^\s"',;]{8,256}/gi;

const keyHeader = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const keyFooter = "-----END ";
const dashes = "-----";

/** Replaces private keys, bearer tokens, keys with a known prefix, JSON web tokens, and values named as secrets. */
export const redactSecrets = (text: string): string =>
  redactPrivateKeys(text)
    .replace(bearer, "$1 [SECRET]")
    .replace(prefixed, "[SECRET]")
    .replace(urlPassword, "[SECRET]")
    .replace(assigned, "$1$2[SECRET]");

/** From each header to the end of its footer's line; without a footer, to the end of the text. */
const redactPrivateKeys = (text: string): string => {
  const header = text.includes("PRIVATE KEY") ? text.search(keyHeader) : -1;
  if (header === -1) {
    return text;
  }
  const footer = text.indexOf(keyFooter, header);
  const end = footer === -1 ? -1 : text.indexOf(dashes, footer + keyFooter.length);
  const before = `${text.slice(0, header)}[SECRET]`;
  return end === -1 ? before : before + redactPrivateKeys(text.slice(end + dashes.length));
};
