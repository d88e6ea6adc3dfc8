import type { Config } from "./config-schema.ts";

/** Commands for someone who has just started it: what each does, and how it is typed. */
export const tryNext = ({ gateway }: Config): readonly { readonly title: string; readonly command: string }[] => {
  const url = `http://${gateway.host}:${gateway.port}/v1/chat/completions`;
  const model = firstModel(gateway.routes);
  const call = (flags: string, stream: string): string =>
    `curl ${flags}${url} -H 'content-type: application/json' -d '{"model":"${model}",${stream}"messages":[{"role":"user","content":"Hello"}]}'`;
  return [
    { title: "make a call", command: call("", "") },
    { title: "make a call whose answer streams", command: call("-N ", '"stream":true,') },
    { title: "replay recorded calls from a file of JSON lines", command: "npx plumbline replay FILE --speed 10" },
    { title: "ask what was stored", command: "npx plumbline ask totals" },
  ];
};

const firstModel = (routes: Config["gateway"]["routes"]): string =>
  Object.values(routes)
    .flatMap((route) => route.models)
    .find((model) => model !== "*") ?? "MODEL";
