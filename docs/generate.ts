import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { referencePages } from "./pages/reference-pages.ts";

// Writes docs/reference/ from the catalogues in the code. With --check it writes nothing and fails when a file is not current.
const isCheck = process.argv.includes("--check");
const folder = new URL("./reference/", import.meta.url);
const stale: string[] = [];
for (const { name, text } of referencePages()) {
  const file = new URL(`${name}.md`, folder);
  const current = existsSync(file) ? readFileSync(file, "utf8") : null;
  if (current === text) continue;
  stale.push(relative(process.cwd(), fileURLToPath(file)));
  if (!isCheck) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
}
console.log(
  stale.length === 0 ? "The reference is current." : `${isCheck ? "Not current" : "Written"}: ${stale.join(", ")}`,
);
if (isCheck && stale.length > 0) {
  console.log("Run `npm run generate` and commit the result.");
  process.exitCode = 1;
}
