import type { Bus } from "../../bus/bus.ts";
import { topics } from "../../core/topics.ts";
import type { Verdict } from "../../core/verdict.ts";
import { verdictKeyOf, verdictSignatureHeader } from "../../core/verdict.ts";
import { signVerdict } from "../../core/verdict-signature.ts";

/** Signs a verdict and puts it on the bus; resolves when it is durable there. A full log keeps room for it: it may be what mends it. */
export const publishVerdict = (bus: Pick<Bus, "publish">, verdict: Verdict, key: string): Promise<void> => {
  const value = new TextEncoder().encode(JSON.stringify(verdict));
  return bus.publish({
    topic: topics.verdicts,
    key: verdictKeyOf(verdict),
    value,
    headers: { [verdictSignatureHeader]: signVerdict(value, key) },
    mayUseReserve: true,
  });
};
