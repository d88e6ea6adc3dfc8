import { expect, test } from "vitest";
import { judgeSkips } from "./judge-skips.ts";

const skip = { test: "test/a.test.ts > reads the recording", reason: "needs the recording" };
const known = new Set([skip.test]);

test.each([
  { name: "a skip with a reason is named and passes", isCi: false, allowed: [], skips: [skip], isFailure: false },
  {
    name: "a skip without a reason fails",
    isCi: false,
    allowed: [],
    skips: [{ ...skip, reason: "" }],
    isFailure: true,
  },
  { name: "an unlisted skip fails in continuous integration", isCi: true, allowed: [], skips: [skip], isFailure: true },
  { name: "a listed skip passes there", isCi: true, allowed: [skip], skips: [skip], isFailure: false },
  { name: "a listed test that runs passes there", isCi: true, allowed: [skip], skips: [], isFailure: false },
])("$name", ({ isCi, allowed, skips, isFailure }) => {
  const verdict = judgeSkips({ skips, allowed, known, isCi });
  expect({ lines: verdict.lines.length, isFailure: verdict.isFailure }).toEqual({ lines: skips.length, isFailure });
});

test("an allowed skip of a test that no longer exists fails, once its file runs", () => {
  const gone = { test: "test/a.test.ts > was renamed", reason: "needs the recording" };
  const otherFile = { test: "test/b.test.ts > runs elsewhere", reason: "needs the recording" };
  expect(judgeSkips({ skips: [], allowed: [gone, otherFile], known, isCi: true })).toEqual({
    lines: ["allowed skip of a test that no longer exists: test/a.test.ts > was renamed"],
    isFailure: true,
  });
});
