import { z } from "zod";
import type { BaselineWindow, PinnedBaseline } from "../../core/pinned-baseline.ts";
import { pinnedBaseline } from "../../core/pinned-baseline.ts";
import type { ConsoleAddress } from "../console-client.ts";
import { callConsole } from "../console-client.ts";

const blessed = z.object({
  baseline: pinnedBaseline,
  series: z.array(
    z.object({
      tenant: z.string(),
      variant: z.string(),
      model: z.string(),
      answers: z.number(),
      hours: z.number(),
      measures: z.number(),
    }),
  ),
});

/** A baseline that was pinned, with what it took in. */
export type BlessedTold = z.infer<typeof blessed>;

/** Who does something, and why. */
export interface Author {
  readonly by: string;
  readonly reason: string;
}

/** The running system, as far as it is about baselines. Every method rejects with the system's own error, or `console.unreachable`. */
export interface BaselineClient {
  readonly list: () => Promise<readonly PinnedBaseline[]>;
  readonly bless: (window: BaselineWindow, author: Author) => Promise<BlessedTold>;
  readonly clear: (id: string, author: Author) => Promise<PinnedBaseline>;
}

/** Makes a client. */
export const createBaselineClient = (address: ConsoleAddress): BaselineClient => ({
  list: async () =>
    z.object({ baselines: z.array(pinnedBaseline) }).parse(await callConsole(address, "/api/baselines", null))
      .baselines,
  bless: async (window, author) =>
    blessed.parse(await callConsole(address, "/api/baselines", { ...window, ...author })),
  clear: async (id, author) =>
    z
      .object({ baseline: pinnedBaseline })
      .parse(await callConsole(address, `/api/baselines/${encodeURIComponent(id)}/clear`, author)).baseline,
});
