import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { errorCodes } from "../core/errors.ts";
import { instruments } from "../core/instruments.ts";
import { referencePages } from "../docs/pages/reference-pages.ts";
import { repository, sourceFiles } from "./architecture/source-files.ts";
import { fencedLines, linkedFiles, markdownFiles, namesIn, prose } from "./docs/markdown.ts";

const read = (path: string): string => readFileSync(join(repository, path), "utf8");
const files = markdownFiles();
const pages = referencePages();
const scripts = Object.keys(
  z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read("package.json"))).scripts,
);

describe("the reference", () => {
  test.each(pages)("docs/reference/$name.md is what the code generates", ({ name, text }) => {
    expect(read(`docs/reference/${name}.md`)).toBe(text);
  });

  test("holds no page that nothing generates", () => {
    const generated = pages.map(({ name }) => `${name}.md`);
    expect(namesIn("docs/reference")).toEqual(generated.toSorted());
  });
});

/** A changelog fragment without the kinds at the beginnings of its lines. */
const withoutKinds = (text: string): string => text.replaceAll(/^\[[A-Z]+\]/gm, "");

describe("Markdown files", () => {
  test("link to files that exist", () => {
    const broken = files.flatMap((file) =>
      linkedFiles(file)
        .filter((target) => !existsSync(join(repository, target)))
        .map((target) => `${file.path} links to ${target}`),
    );
    expect(broken).toEqual([]);
    expect(files.flatMap(linkedFiles).length).toBeGreaterThan(20);
  });

  test("use no abbreviation that the glossary lacks", () => {
    const glossary = read("docs/glossary.md");
    const unknown = files.flatMap(({ path, text }) =>
      [...withoutKinds(prose(text)).matchAll(/\b[A-Z][A-Z0-9]{1,5}\b/g)]
        .map(([word]) => word)
        .filter((word) => !new RegExp(`\\b${word}\\b`).test(glossary))
        .map((word) => `${path}: ${word}`),
    );
    expect([...new Set(unknown)]).toEqual([]);
  });
});

describe("commands in README.md and CONTRIBUTING.md", () => {
  const text = `${read("README.md")}\n${read("CONTRIBUTING.md")}`;

  test("through npm are scripts of package.json", () => {
    const own = ["ci", "install"];
    const named = [...text.matchAll(/\bnpm (?:run )?([a-z]+(?::[a-z]+)*)\b/g)].map(([, name = ""]) => name);
    expect(named).toEqual(expect.arrayContaining(["ci", "start", "test", "check"]));
    expect(named.filter((name) => !scripts.includes(name) && !own.includes(name) && !/^\d/.test(name))).toEqual([]);
  });

  test("of plumbline are subcommands that its help lists", () => {
    const lines = fencedLines(text).filter((line) => line.startsWith("npx plumbline "));
    expect(lines.length).toBeGreaterThan(0);
    const help = helpOf([]);
    const missing = lines.filter((line) => {
      const [, , command = "", next = ""] = line.split(/\s+/);
      if (!lists(help, command)) return true;
      const below = helpOf([command]);
      return below.includes("Commands:") && !lists(below, next);
    });
    expect(missing).toEqual([]);
  });

  test("in README.md show what they print", () => {
    const shown = [...read("README.md").matchAll(/<!-- output: (.+?) -->\n```\n([\s\S]*?)```\n<!-- \/output -->/g)];
    expect(shown.map(([, command, output = ""]) => [command, output.trim() !== ""])).toEqual([
      ["npm start", true],
      ["npm test", true],
    ]);
  });
});

const helpOf = (path: readonly string[]): string => {
  const args = [join(repository, "bin/plumbline.js"), ...path, "--help"];
  return spawnSync(process.execPath, args, { encoding: "utf8", timeout: 15_000 }).stdout;
};

const lists = (help: string, command: string): boolean => new RegExp(`^\\s+${command}\\b`, "m").test(help);

describe("architecture decision records", () => {
  const names = namesIn("docs/adr");

  test("are numbered without gaps", () => {
    expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, index) => index + 1));
    expect(names.length).toBeGreaterThanOrEqual(5);
  });

  test.each(names)("%s has its title, date and four sections on half a page", (name) => {
    const text = read(join("docs/adr", name));
    expect(text).toMatch(new RegExp(`^# ${Number(name.slice(0, 4))}\\. .+\\n\\nAccepted \\d{4}-\\d{2}-\\d{2}\\.\\n`));
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual([
      "Context",
      "Decision",
      "What we gave up",
      "When to look again",
    ]);
    expect(text.split("\n").length).toBeLessThanOrEqual(50);
  });
});

describe("changelog fragments", () => {
  const kinds = [...read("changes/README.md").matchAll(/^\| `([A-Z]+)` \|/gm)].map(([, kind = ""]) => kind);
  const fragments = namesIn("changes").filter((name) => name !== "README.md");

  test("have one of the kinds in every line", () => {
    expect(kinds).toEqual(["CHANGE", "FEATURE", "ENHANCEMENT", "PERF", "BUGFIX", "SECURITY"]);
    const line = new RegExp(`^\\[(${kinds.join("|")})\\] [A-Z][^:]+: .+\\. \\(#\\d+\\)$`);
    const wrong = fragments.flatMap((name) =>
      read(join("changes", name))
        .trimEnd()
        .split("\n")
        .filter((text) => !line.test(text)),
    );
    expect(wrong).toEqual([]);
  });
});

describe("the catalogues hold nothing dead", () => {
  const code = sourceFiles()
    .filter(({ path }) => !/^(test|docs|bench)\//.test(path))
    .filter(({ path }) => !path.startsWith("core/errors") && !path.startsWith("core/instruments"))
    .map(({ text }) => text)
    .join("\n");

  test("every error code is raised somewhere", () => {
    expect(Object.keys(errorCodes).filter((name) => !code.includes(`"${name}"`))).toEqual([]);
  });

  test("every instrument is raised somewhere", () => {
    expect(Object.keys(instruments).filter((name) => !code.includes(`"${name}"`))).toEqual([]);
  });
});
