/** Where the gateway answers on this machine: one that listens on every address does so on loopback. */
export const gatewayUrlOf = ({ host, port }: { readonly host: string; readonly port: number }): string => {
  const own = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${own.includes(":") ? `[${own}]` : own}:${port}`;
};
