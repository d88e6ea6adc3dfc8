import { isIPv6 } from "node:net";

const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ipv4 = new RegExp(`(?<![\\d.])${octet}(?:\\.${octet}){3}(?!\\.?\\d)`, "g");

/** Eight groups at most, the last of which may be an IPv4 address; what it finds is checked by the platform's own parser. */
const ipv6 = /(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?:\.\d{1,3}){0,3}(?![\w:])/gi;

/** Replaces IPv4 and IPv6 addresses. Version numbers of four parts look the same and go too. */
export const redactAddresses = (text: string): string =>
  text.replace(ipv6, (found) => (isAddress(found) ? "[IP]" : found)).replace(ipv4, "[IP]");

/** Slices such as `::2` are valid addresses too: without two groups only the loopback address counts. */
const isAddress = (found: string): boolean =>
  isIPv6(found) && (found === "::1" || found.split(":").filter((group) => group !== "").length >= 2);
