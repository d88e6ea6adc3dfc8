import type { Clock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import type { Store } from "../../store/store.ts";
import { keptBaselines } from "../baselines/baselines.ts";
import { looksOwner } from "../looks/run-looks.ts";
import { RolloutBook } from "../rollouts/rollout-book.ts";
import type { SubjectRecord } from "../verdicts/subject-record.ts";
import { subjectRecord, verdictsInForce } from "../verdicts/subject-record.ts";
import { verdictsOwner } from "../verdicts/take-up-records.ts";
import type { AlertsApi, AlertsApiDeps } from "./alerts-api.ts";
import { createAlertsApi } from "./alerts-api.ts";
import { isApiPath } from "./api-routes.ts";
import { replyToError } from "./replies.ts";

/** What the API of a process that does not lead works with. */
export interface FollowingDeps extends Omit<AlertsApiDeps, "rollouts" | "desk" | "delivery" | "baselines"> {
  readonly store: Pick<Store, "readStates">;
  readonly clock: Clock;
}

/** Milliseconds for which what was read is good enough, however many ask. */
const freshMs = 2_000;

/**
 * Creates the API of a process that does not lead: what only asks about canaries and verdicts is answered from what the leading
 * one has kept, and what would change something is refused with `canary.elsewhere`, to be asked again.
 */
export const createFollowingApi = (deps: FollowingDeps): AlertsApi => {
  const kept = createKept(deps);
  const api = createAlertsApi({
    ...deps,
    rollouts: {
      list: () => kept.book.list(),
      find: (id) => kept.book.find(id),
      ...{ start: refuse, abort: refuse, promote: refuse, recordEval: refuse, pass: refuse },
    },
    baselines: { list: () => keptBaselines(deps.store), bless: refuse, clear: refuse },
    desk: { list: () => verdictsInForce(kept.records()) },
    delivery: {
      ...{ groups: refuseAtOnce, silences: refuseAtOnce, deadLetters: refuseAtOnce },
      ...{ deliver: refuse, silence: refuse, endSilence: refuse, revive: refuse },
    },
  });
  return async (request) => {
    if (!isApiPath(request.path)) {
      return null;
    }
    try {
      await kept.refresh();
    } catch (error) {
      const reply = replyToError(error);
      if (reply === null) throw error;
      return reply;
    }
    return api(request);
  };
};

/** What the leading process has kept, read again when it is no longer fresh; whoever comes meanwhile waits for the same answer. */
const createKept = ({ store, clock }: Pick<FollowingDeps, "store" | "clock">) => {
  const book = new RolloutBook(refuse);
  let records: ReadonlyMap<string, SubjectRecord> = new Map();
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;
  const read = async (): Promise<void> => {
    const atMs = clock.monotonicMs();
    const [looks, verdicts] = await Promise.all([store.readStates(looksOwner), store.readStates(verdictsOwner)]);
    book.load(looks.filter(({ key }) => key.startsWith(book.prefix)));
    records = new Map(verdicts.map(({ key, state }) => [key, subjectRecord.parse(JSON.parse(state))]));
    readAtMs = atMs;
  };
  return {
    book,
    records: () => records,
    refresh: async (): Promise<void> => {
      if (clock.monotonicMs() - readAtMs >= freshMs) {
        reading ??= read().finally(() => {
          reading = null;
        });
        await reading;
      }
    },
  };
};

const refuseAtOnce = (): never => {
  throw new PlumblineError(
    "canary.elsewhere",
    "This process does not lead: it changes nothing, and tells only of canaries, baselines and verdicts.",
  );
};

const refuse = async (): Promise<never> => refuseAtOnce();
