import { createMeasureAnswer } from "../../processors/measure-answer.ts";
import { findFences } from "../../processors/measure-fences.ts";
import { GramCounter } from "../../processors/measure-grams.ts";
import { textHash } from "../../processors/measure-hash.ts";
import { createMeasureInput } from "../../processors/measure-input.ts";
import { PhraseCounter } from "../../processors/measure-phrases.ts";
import { TextScanner } from "../../processors/measure-scan.ts";
import type { Figure } from "../figure.ts";
import { median, medianFigure } from "../figure.ts";
import { realAnswers } from "./real-answers.ts";

const rounds = 9;
/** Rounds before the first that counts, in which the engine compiles. */
const warmUps = 3;

/**
 * Measures how many answers and inputs of 1 KB one core measures in a second, all measures together, and what the parts
 * take. Time is that of the thread, so that what else runs on the machine does not count.
 */
export const benchMeasures = async (report: (text: string) => void): Promise<readonly Figure[]> => {
  const texts = realAnswers();
  if (texts === null) {
    report(
      "measures: not measured, for there are no real answers in ../shared/data or the folder PLUMBLINE_DATA names",
    );
    return [];
  }
  report(`measures: ${rounds} rounds of ${texts.length} real answers`);
  return [...benchWhole(texts), ...benchParts(texts)];
};

const benchWhole = (texts: readonly string[]): readonly Figure[] => {
  const measureAnswer = createMeasureAnswer();
  const measureInput = createMeasureInput();
  const answers = timed(texts, (text) =>
    measureAnswer({
      text,
      toolCalls: [],
      isCut: false,
      finishReasons: ["stop"],
      outputTokens: 256,
      matchesSchema: null,
    }),
  );
  const inputs = timed(texts, (text) =>
    measureInput({ messages: [{ role: "user", text, toolCalls: [], isCut: false }], inputTokens: 256 }),
  );
  return [
    medianFigure("measures.answers_per_second", "answers/s", answers.map(perSecond)),
    medianFigure("measures.inputs_per_second", "inputs/s", inputs.map(perSecond)),
  ];
};

const benchParts = (texts: readonly string[]): readonly Figure[] => {
  const scanner = new TextScanner();
  const grams = new GramCounter();
  const phrases = new PhraseCounter();
  const scans = timed(texts, (text) => scanner.scan(text, findFences(text)));
  const both = timed(texts, (text) => phrases.measure(scanner.scan(text, findFences(text))));
  const justScan = median(scans);
  return [
    medianFigure("measures.part.scan", "us", scans),
    medianFigure(
      "measures.part.repetition",
      "us",
      both.map((us) => Math.max(us - justScan, 0)),
    ),
    medianFigure(
      "measures.part.embedding",
      "us",
      timed(texts, (text) => grams.measure(text)),
    ),
    medianFigure("measures.part.hash", "us", timed(texts, textHash)),
  ];
};

/** Microseconds of this thread for one text, round by round. */
const timed = (texts: readonly string[], measure: (text: string) => unknown): readonly number[] => {
  const times: number[] = [];
  for (let round = -warmUps; round < rounds; round += 1) {
    const before = process.threadCpuUsage();
    for (const text of texts) {
      measure(text);
    }
    const { user, system } = process.threadCpuUsage(before);
    if (round >= 0) {
      times.push((user + system) / texts.length);
    }
  }
  return times;
};

const perSecond = (us: number): number => 1e6 / us;
