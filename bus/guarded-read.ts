import { messageOf, PlumblineError } from "../core/errors.ts";

/** What `read` returns; what it throws becomes `bus.unavailable`, which readers try again. */
export const guardedRead = <T>(read: () => T): T => {
  try {
    return read();
  } catch (cause) {
    throw new PlumblineError("bus.unavailable", `The bus cannot be read: ${messageOf(cause)}`, { cause });
  }
};
