import { processEnvironment } from "../config/environment.ts";
import { PlumblineError } from "../core/errors.ts";
import type { ConsoleAddress } from "./console-call.ts";
import { loadSettings } from "./load-settings.ts";

/** Where the console is, by its address or by a configuration file, with the token that this names. */
export const consoleAddress = (flags: { readonly url?: string; readonly config?: string }): ConsoleAddress => {
  const { alerts, console: page } = loadSettings(flags.config, processEnvironment()).config;
  const host = page.host.includes(":") ? `[${page.host}]` : page.host;
  const address = flags.url ?? `http://${host}:${page.port}`;
  if (URL.parse(address) === null) {
    throw new PlumblineError("cli.usage", `"${address}" is no address; write for example http://127.0.0.1:8081`);
  }
  return { url: address.replace(/\/+$/, ""), token: alerts.api.token };
};
