import { expect, test } from "vitest";
import { PlumblineError } from "../../core/errors.ts";
import { parseAskParameters, parseQuestionName } from "../../dashboards/console/question-request.ts";

const nowMs = Date.UTC(2026, 0, 31, 12);
const parse = (query: string) => parseAskParameters("calls", new URLSearchParams(query), nowMs);

const failureOf = (run: () => unknown): { readonly code: string; readonly message: string } => {
  try {
    run();
  } catch (error) {
    if (error instanceof PlumblineError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error("Nothing was refused.");
};

test("without parameters the last hour is asked for", () => {
  expect(parse("")).toEqual({ fromMs: nowMs - 3_600_000, toMs: nowMs, stepSeconds: 60, where: {} });
});

test("times are milliseconds or ISO 8601", () => {
  expect(parse(`from=${nowMs - 60_000}&to=2026-01-31T11:59:30Z&step=10`)).toEqual({
    fromMs: nowMs - 60_000,
    toMs: nowMs - 30_000,
    stepSeconds: 10,
    where: {},
  });
});

test("the step of a long range makes about a hundred buckets of whole minutes", () => {
  expect(parse(`from=${nowMs - 7 * 86_400_000}`).stepSeconds).toBe(6060);
});

test("conditions name dimensions of the question, and any text may be their value", () => {
  expect(parse("where.route=a%27b%20%3D").where).toEqual({ route: "a'b =" });
});

test.each([
  { query: "from=yesterday", name: "from" },
  { query: "to=-5", name: "to" },
  { query: `from=${nowMs}&to=${nowMs - 1}`, name: "from" },
  { query: "step=0", name: "step" },
  { query: "step=1.5", name: "step" },
  { query: "from=0&step=1", name: "step" },
  { query: "from=1&from=2", name: "from" },
  { query: "where.colour=red", name: "where.colour" },
  { query: "where.route=a&where.route=b", name: "where.route" },
  { query: "limit=5", name: "limit" },
])("$query is refused, and the refusal names $name", ({ query, name }) => {
  const failure = failureOf(() => parse(query));
  expect(failure.code).toBe("store.bad_parameter");
  expect(failure.message).toContain(`\`${name}\``);
});

test("an unknown question is refused with the names of those there are", () => {
  expect(parseQuestionName("ttft")).toBe("ttft");
  const failure = failureOf(() => parseQuestionName("constructor"));
  expect(failure.code).toBe("store.unknown_question");
  expect(failure.message).toContain("ttft");
});
