import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importsOf } from "./architecture/imports-of.ts";
import { filesOf, repository, sourceFiles, topFolders } from "./architecture/source-files.ts";
import { folders, vendors } from "./architecture/table.ts";
import { violationsOf } from "./architecture/violations.ts";

const withoutCode = ["changes", "deploy"];

describe("the source tree", () => {
  test("every folder is in the table", () => {
    expect(topFolders().filter((folder) => folders[folder] === undefined)).toEqual([]);
  });

  test("every folder that exists is seen with its files", () => {
    const seen = topFolders()
      .filter((folder) => !withoutCode.includes(folder))
      .map((folder) => ({ folder, files: filesOf(folder, /\.(ts|js)$/).length }));
    expect(seen.filter(({ files }) => files === 0)).toEqual([]);
    expect(seen.map(({ folder }) => folder)).toEqual(
      expect.arrayContaining(["app", "core", "gateway", "store", "test"]),
    );
  });

  test("every file keeps to the table", () => {
    expect(sourceFiles().flatMap(violationsOf)).toEqual([]);
  });

  test("every stage has a README.md and a config.ts", () => {
    const stages = topFolders().filter((folder) => folders[folder]?.isStage === true);
    const missing = stages.flatMap((folder) => ["README.md", "config.ts"].map((file) => join(folder, file)));
    expect(missing.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
  });
});

describe("the table", () => {
  test("imports go down the tree, and stages do not see each other", () => {
    const upward = Object.entries(folders).flatMap(([name, { level, mayImport }]) =>
      mayImport
        .filter((other) => other !== "*" && (folders[other.split("/")[0] ?? ""]?.level ?? -1) >= level)
        .map((other) => `${name} may import ${other}`),
    );
    expect(upward).toEqual([]);
  });

  test("nobody below them may import tests, benchmarks or documentation", () => {
    const outside = ["test", "bench", "docs", "deploy", "changes"];
    const importers = Object.entries(folders).filter(([name]) => !outside.includes(name));
    expect(
      importers.filter(([, { mayImport }]) => mayImport.some((entry) => [...outside, "*"].includes(entry))),
    ).toEqual([]);
  });

  test("a package is confined once", () => {
    const names = vendors.flatMap(({ packages }) => packages);
    expect(names.length).toBe(new Set(names).size);
  });
});

describe("the judge", () => {
  test("every form of import is found, type-only ones included", () => {
    const text = [
      'import type { A } from "../store/store.ts";',
      'import {\n  b,\n} from "node:fs";',
      'import "@clickhouse/client/x";',
      'export { c } from "./c.ts";',
      'const d = await import("chdb/connection");',
      'type E = import("../bus/bus.ts").Bus;',
      '// import { f } from "./f.ts";',
    ].join("\n");
    expect(importsOf({ path: "gateway/a.ts", text })).toEqual([
      { kind: "ours", path: "store/store.ts" },
      { kind: "node" },
      { kind: "package", name: "@clickhouse/client" },
      { kind: "ours", path: "gateway/c.ts" },
      { kind: "package", name: "chdb" },
      { kind: "ours", path: "bus/bus.ts" },
    ]);
  });

  test.each([
    { path: "gateway/a.ts", text: 'import type { Store } from "../store/store.ts";' },
    { path: "alerts/a.ts", text: 'import { b } from "../gateway/b.ts";' },
    { path: "app/a.ts", text: 'import { b } from "../test/b.ts";' },
    { path: "dashboards/a.ts", text: 'import { b } from "../store/clickhouse.ts";' },
    { path: "store/rows.ts", text: 'import { createClient } from "@clickhouse/client";' },
    { path: "core/a.ts", text: 'import _ from "left-pad";' },
    { path: "gateway/a.ts", text: "const home = process.env.HOME;" },
    { path: "bus/a.ts", text: "process.exit(1);" },
    { path: "bus/a.ts", text: "\n".repeat(301) },
  ])("$path is refused: $text", (file) => {
    expect(violationsOf(file)).toHaveLength(1);
  });

  test.each([
    { path: "dashboards/a.ts", text: 'import { b } from "../store/questions-sql.ts";' },
    { path: "store/clickhouse-chdb.ts", text: 'import { createClient } from "@clickhouse/client";' },
    { path: "gateway/a.ts", text: 'import { b } from "./deep/b.ts";' },
    { path: "bus/a.ts", text: "process.exitCode = 1;\n".repeat(300) },
  ])("$path is accepted", (file) => {
    expect(violationsOf(file)).toEqual([]);
  });
});
