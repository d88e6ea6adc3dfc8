import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDataFolder } from "../../app/data-folder.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plumbline-folder-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe("openDataFolder", () => {
  test("makes the folder and writes its version, and opens it again", () => {
    const root = join(dir, "a", "b");
    expect(openDataFolder(root)).toEqual(openDataFolder(root));
    expect(readFileSync(join(root, "VERSION"), "utf8")).toBe("1\n");
  });

  test("a folder of a newer version is refused by both numbers", () => {
    openDataFolder(dir);
    writeFileSync(join(dir, "VERSION"), "2\n");
    expect(() => openDataFolder(dir)).toThrow(
      expect.objectContaining({ code: "data.newer_version", message: expect.stringMatching(/format 2.*up to 1/) }),
    );
  });

  test("a version that is no number is refused", () => {
    openDataFolder(dir);
    writeFileSync(join(dir, "VERSION"), "one\n");
    expect(() => openDataFolder(dir)).toThrow(expect.objectContaining({ code: "data.newer_version" }));
  });

  test("a path that cannot be a folder is refused with its cause", () => {
    const file = join(dir, "file");
    writeFileSync(file, "");
    expect(() => openDataFolder(file)).toThrow(
      expect.objectContaining({ code: "data.read_only", cause: expect.any(Error) }),
    );
  });
});
