import { median } from "simple-statistics";

/** What a gateway process held at a moment. */
export interface Held {
  /** Calls made when it was looked at. */
  readonly calls: number;
  readonly rssMb: number;
  /** Open files and sockets. */
  readonly handles: number;
}

/** Whether a process grew. */
export interface Growth {
  readonly isFlat: boolean;
  /** False when too few calls were made to tell; it then counts as flat. */
  readonly isJudged: boolean;
  /** Median of the slopes between any two looks after the warm-up, in MB for each 100,000 calls. */
  readonly rssSlope: number;
  /** Medians of the looks in the first and the last half after the warm-up. */
  readonly rssMb: readonly [number, number];
  readonly handles: readonly [number, number];
}

/** The first third of the calls is warm-up: code is compiled and the heap finds its size. */
const warmUpShare = 1 / 3;
const leastCalls = 20_000;
/** A heap breathes, and so do connections. */
const rssSlack = { mb: 8, share: 0.08 } as const;
const handleSlack = 8;

/** Judges looks at one process, in the order of their calls, at least two of them after the warm-up. */
export const judgeGrowth = (looks: readonly Held[]): Growth => {
  const [from, to] = [looks[0]?.calls ?? 0, looks.at(-1)?.calls ?? 0];
  const warm = looks.filter(({ calls }) => calls >= from + (to - from) * warmUpShare);
  const half = warm.length >> 1;
  const medians = (pick: (look: Held) => number): readonly [number, number] => [
    medianOf(warm.slice(0, half).map(pick)),
    medianOf(warm.slice(half).map(pick)),
  ];
  const rssMb = medians((look) => look.rssMb);
  const handles = medians((look) => look.handles);
  const isJudged = to - from >= leastCalls && half > 0;
  const grewMb = rssMb[1] - rssMb[0];
  const isFlat = grewMb <= Math.max(rssSlack.mb, rssSlack.share * rssMb[0]) && handles[1] - handles[0] <= handleSlack;
  return { isFlat: !isJudged || isFlat, isJudged, rssSlope: slopeOf(warm) * 100_000, rssMb, handles };
};

/** Theil and Sen's slope: a few looks during a collection of garbage do not move it. */
const slopeOf = (looks: readonly Held[]): number =>
  medianOf(
    looks.flatMap((a, index) =>
      looks
        .slice(index + 1)
        .filter((b) => b.calls > a.calls)
        .map((b) => (b.rssMb - a.rssMb) / (b.calls - a.calls)),
    ),
  );

const medianOf = (values: readonly number[]): number => (values.length === 0 ? 0 : median([...values]));
