import type { ArmTally, Bins } from "../../core/arms.ts";
import { startLagMs } from "../../core/arms.ts";
import type { Call } from "../../core/call.ts";
import { binOf } from "../../stats/histogram/bin.ts";
import type { UnitSpan } from "../../store/store.ts";

/** A call with when its row was stored, and when it could be read; in milliseconds since the Unix epoch. */
export interface TimedCall {
  readonly call: Call;
  readonly storedMs: number;
  readonly readableMs: number;
}

interface Unit {
  readonly variant: string;
  readonly firstMs: number;
  readonly begunMs: number;
  /** Its calls with the target of the first one. */
  readonly own: readonly TimedCall[];
}

const firstMs = 600_000;

/** What all calls that can be read at the end of a span say of their users in it, by definition: one after the other, from the start. */
export const unitOracle =
  (all: readonly TimedCall[]) =>
  (span: UnitSpan): readonly ArmTally[] => {
    const isCounted = ({ call, storedMs, readableMs }: TimedCall): boolean =>
      call.userHash !== null &&
      call.routeReason !== "shadow" &&
      startedMs(call) >= span.sinceMs &&
      storedMs < span.toMs &&
      readableMs < span.toMs;
    const units = [...Map.groupBy(all.filter(isCounted), ({ call }) => call.userHash).values()]
      .map(unitOf)
      .filter(({ begunMs }) => begunMs >= span.begunFromMs && begunMs < span.begunUntilMs);
    const byVariant = [...Map.groupBy(units, ({ variant }) => variant)];
    return byVariant.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([variant, own]) => tallyOf(variant, own, span));
  };

const startedMs = ({ startedAtNs }: Call): number => Number(startedAtNs / 1_000_000n);

const unitOf = (calls: readonly TimedCall[]): Unit => {
  const [first] = calls.toSorted((a, b) => a.storedMs - b.storedMs || startedMs(a.call) - startedMs(b.call));
  if (first === undefined) throw new RangeError("a unit without a call");
  const { variant } = first.call;
  return {
    variant,
    firstMs: first.storedMs,
    begunMs: Math.min(...calls.map(({ call }) => startedMs(call))),
    own: calls.filter(({ call }) => call.variant === variant),
  };
};

const tallyOf = (variant: string, units: readonly Unit[], { fromMs, toMs, sinceMs }: UnitSpan): ArmTally => {
  const isIn = (ms: number): boolean => ms >= fromMs && ms < toMs;
  const started = { fromMs: Math.max(sinceMs, fromMs - startLagMs), toMs: Math.max(sinceMs, toMs - startLagMs) };
  const firstOf = (condition: (call: Call) => boolean): number =>
    units.filter(({ own }) => {
      const found = own.filter(({ call }) => condition(call)).map(({ storedMs }) => storedMs);
      return found.length > 0 && isIn(Math.min(...found));
    }).length;
  const over = units.filter((unit) => isIn(unit.firstMs + firstMs));
  const means = (of: (call: Call) => number | null): Bins =>
    countsOf(over.flatMap((unit) => meanOf(earlyOf(unit).flatMap((call) => of(call) ?? [])) ?? []));
  return {
    ...{ route: "chat", variant, calls: units.filter((unit) => isIn(unit.firstMs)).length },
    started: units.filter(({ begunMs }) => begunMs >= started.fromMs && begunMs < started.toMs).length,
    answers: firstOf(isAnswer),
    errors: firstOf(({ outcome }) => outcome === "timeout"),
    rateLimited: 0,
    fallbacks: firstOf(({ isFallback }) => isFallback),
    measured: firstOf(({ measures }) => "answer_refusal_score@1" in measures),
    refusals: firstOf(({ measures }) => (measures["answer_refusal_class@1=full"] ?? 0) > 0),
    ...{ malformed: 0, rated: 0, badRated: 0 },
    ttftMs: means(({ ttftMs }) => ttftMs),
    durationMs: means((call) => (isAnswer(call) ? call.durationMs : null)),
    outputTokens: means((call) => (isAnswer(call) ? call.usage.outputTokens : null)),
    answerCostNanos: countsOf(over.flatMap((unit) => costOf(unit, true))),
    otherCostNanos: countsOf(over.flatMap((unit) => costOf(unit, false))),
  };
};

const isAnswer = ({ outcome }: Call): boolean => outcome === "ok";

/** The calls of a unit that were stored in its first minutes. */
const earlyOf = (unit: Unit): readonly Call[] =>
  unit.own.filter(({ storedMs }) => storedMs < unit.firstMs + firstMs).map(({ call }) => call);

/** What one of its answers cost where it has any, else one of its calls; none of the other kind. */
const costOf = (unit: Unit, isOfAnswers: boolean): readonly number[] => {
  const calls = earlyOf(unit);
  const answers = calls.filter(isAnswer).length;
  const cost = calls.reduce((sum, { costNanos }) => sum + Number(costNanos ?? 0), 0);
  return answers > 0 === isOfAnswers ? [cost / (answers > 0 ? answers : calls.length)] : [];
};

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

const countsOf = (values: readonly number[]): Bins => {
  const bins = Map.groupBy(values, binOf);
  return new Map([...bins].toSorted(([a], [b]) => a - b).map(([bin, all]) => [bin, all.length]));
};
