#!/usr/bin/env node
// Plain JavaScript on purpose: an older Node must be able to parse this file and say what is wrong.
import * as nodeModule from "node:module";
import { fileURLToPath } from "node:url";

const [major] = process.versions.node.split(".");
if (Number(major) < 24) {
  console.error(
    `plumbline needs Node 24 or newer, and this is Node ${process.versions.node}.\n` +
      "Run it through npm (npm start, npx plumbline ...), which uses the Node 24 that npm ci installed,\n" +
      "or install Node 24 from https://nodejs.org.",
  );
  process.exit(78);
}
// What was compiled once is not compiled again: half the time of a start, and a tenth of a process's memory. Where the folder
// cannot be written, nothing is kept.
nodeModule.enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/plumbline", import.meta.url)));
// The console strips types from the page's modules when it starts. Node 24 calls the function experimental and says so at
// every start; its version is pinned here, so the line would only frighten.
const emitWarning = process.emitWarning.bind(process);
process.emitWarning = (warning, ...details) => {
  if (!String(warning).includes("stripTypeScriptTypes")) {
    emitWarning(warning, ...details);
  }
};

const { main } = await import("../app/cli.ts");
await main(process.argv.slice(2));
