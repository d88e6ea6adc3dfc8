import { createConsole } from "../../dashboards/console/console.ts";
import type { Extra } from "../../dashboards/console/extra.ts";
import type { Store } from "../../store/store.ts";
import type { Running, Runtime } from "../runtime.ts";
import { tryNext } from "../try-next.ts";

/** Starts the live page and its API. */
export const startConsole = async (
  runtime: Runtime,
  { store, extra }: { readonly store: Store; readonly extra: Extra | undefined },
): Promise<Running> => {
  const { clock, log, meter, settings } = runtime;
  const config = settings.config.console;
  const page = createConsole({
    config,
    ask: store.ask,
    trustMinutes: settings.config.store.trust.windowMinutes,
    tryNext: tryNext(settings.config),
    metricsText: meter.text,
    isReady: () => true,
    log,
    clock,
    ...(extra === undefined ? {} : { extra }),
  });
  const url = await page.listen();
  return { lines: [`console   ${url}`], stop: () => page.close() };
};
