import { readFileSync } from "node:fs";
import type { ConnectionOptions as TlsOptions } from "node:tls";
import { messageOf, PlumblineError } from "../core/errors.ts";
import type { KafkaBusConfig } from "./config.ts";

/** Who a client says that it is. */
export type SaslOptions = NonNullable<KafkaBusConfig["sasl"]>;

/** How a client connects and who it is; null where the connection is plain or anonymous. */
export interface ConnectionOptions {
  readonly ssl: TlsOptions | null;
  readonly sasl: SaslOptions | null;
}

/** Reads the certificates that the configuration names; throws `config.unreadable` when one cannot be read. */
export const connectionOptions = ({ tls, sasl }: KafkaBusConfig): ConnectionOptions => ({
  ssl:
    tls === undefined
      ? null
      : {
          ...(tls.caFile === undefined ? {} : { ca: pemOf(tls.caFile) }),
          ...(tls.certFile === undefined ? {} : { cert: pemOf(tls.certFile) }),
          ...(tls.keyFile === undefined ? {} : { key: pemOf(tls.keyFile) }),
          ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
        },
  sasl: sasl ?? null,
});

const pemOf = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new PlumblineError("config.unreadable", `${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
};
