import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/** A file as the browser gets it. */
export interface Asset {
  readonly contentType: string;
  readonly body: Buffer;
}

/** The page's files. Their folder is named after their content, so that a browser may keep them for ever. */
export interface Assets {
  /** The page, with the folder filled in; it must not be kept. */
  readonly index: Buffer;
  /** Path of the folder, without a slash at the end: `/assets/<hash>`. */
  readonly folder: string;
  /** By name within the folder. */
  readonly files: ReadonlyMap<string, Asset>;
}

const pageFolder = new URL("page/", import.meta.url);

/** Name under which the page's own folder offers a file of the chart library. */
const vendorFiles = [
  { name: "uplot.js", specifier: "uplot/dist/uPlot.esm.js" },
  { name: "uplot.css", specifier: "uplot/dist/uPlot.min.css" },
] as const;

const contentTypes: Readonly<Record<string, string>> = {
  ".ts": "text/javascript; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Types become blanks, so lines and columns in the browser are those of the source. A browser knows no bare names. */
const toBrowser = (source: string): string =>
  stripTypeScriptTypes(source).replaceAll('from "uplot"', 'from "./uplot.js"');

const readAsset = async (name: string, url: URL): Promise<readonly [string, Asset]> => {
  const bytes = await readFile(url);
  const extension = extname(name);
  const body = extension === ".ts" ? Buffer.from(toBrowser(bytes.toString("utf8"))) : bytes;
  return [name, { contentType: contentTypes[extension] ?? "application/octet-stream", body }];
};

const hashOf = (files: readonly (readonly [string, Asset])[]): string => {
  const hash = createHash("sha256");
  for (const [name, { body }] of files) hash.update(`${name}\0${body.length}\0`).update(body);
  return hash.digest("hex").slice(0, 16);
};

/** Reads the page's modules, styles and the chart library once, and makes them ready for a browser. */
export const loadAssets = async (): Promise<Assets> => {
  const names = (await readdir(fileURLToPath(pageFolder))).filter((name) => extname(name) in contentTypes).sort();
  const files = await Promise.all([
    ...names.map((name) => readAsset(name, new URL(name, pageFolder))),
    ...vendorFiles.map(({ name, specifier }) => readAsset(name, new URL(import.meta.resolve(specifier)))),
  ]);
  const folder = `/assets/${hashOf(files)}`;
  const template = await readFile(new URL("index.html", pageFolder), "utf8");
  return { index: Buffer.from(template.replaceAll("{{assets}}", folder)), folder, files: new Map(files) };
};
