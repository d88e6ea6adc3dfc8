import { z } from "zod";
import { code, markdownTable } from "./markdown-table.ts";

/** One setting as the reference shows it. */
export interface Setting {
  /** Such as `gateway.routes.<name>.targets[].weight`. */
  readonly path: string;
  readonly type: string;
  /** JSON text; empty when the setting has no default of its own. */
  readonly fallback: string;
  readonly bounds: string;
  readonly description: string;
}

/** The reference of settings, from the schema of the configuration file. */
export const configPage = (schema: z.ZodType): string => {
  const rows = settingsOf(schema).map((setting) => [
    code(setting.path),
    setting.type,
    code(setting.fallback),
    setting.bounds,
    setting.description,
  ]);
  return `# Configuration

Every setting of \`plumbline.yaml\`. All have defaults, so an empty file is a whole configuration. \`plumbline config check FILE\` names
all mistakes of a file at once. \`\${VAR}\` is replaced from the environment in secrets only. \`[]\` stands for each entry of a list,
\`<name>\` for a name you choose.

${markdownTable(["setting", "type", "default", "bounds", "meaning"], rows)}
`;
};

const nodeSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
});
type Node = z.infer<typeof nodeSchema>;

const asNode = (value: unknown): Node => nodeSchema.catch({}).parse(value);

/** Every setting of a schema, in the schema's order; a section is listed only when it says something about itself. */
export const settingsOf = (schema: z.ZodType): readonly Setting[] =>
  walk(
    "",
    asNode(withoutReferences(z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" }))),
  );

const reference = z.looseObject({ $ref: z.string() });
const definitions = z.object({ $defs: z.record(z.string(), z.unknown()) });

/** A schema with what it refers to in its place. One that contains itself is shown once: deeper down there is nothing new. */
const withoutReferences = (root: unknown): unknown => {
  const parsed = definitions.safeParse(root);
  const known = parsed.success ? parsed.data.$defs : {};
  const inline = (value: unknown, open: readonly string[]): unknown => {
    const found = reference.safeParse(value);
    if (found.success) {
      const { $ref, ...rest } = found.data;
      const name = $ref.replace(/^.*\//, "");
      return open.includes(name) ? rest : { ...asNode(inline(known[name], [...open, name])), ...rest };
    }
    if (Array.isArray(value)) {
      return value.map((each) => inline(each, open));
    }
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inline(each, open)]))
      : value;
  };
  return inline(root, []);
};

const walk = (path: string, node: Node): readonly Setting[] => {
  const below = childrenOf(path, node);
  if (below.length > 0 && node.description === undefined) return below;
  return path === "" ? below : [settingOf(path, node, below.length > 0), ...below];
};

const childrenOf = (path: string, node: Node): readonly Setting[] => {
  const named = Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    return walk(path === "" ? name : `${path}.${name}`, asNode(child));
  });
  // Entries of plain values say nothing that their list has not said: only what is below them is listed.
  const entries = childrenOfShape(`${path}[]`, node.items);
  const members = childrenOfShape(`${path}.<name>`, node.additionalProperties);
  const variants = [...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap((variant) =>
    childrenOf(path, asNode(variant)),
  );
  return [...named, ...entries, ...members, ...unlessRepeated(variants)];
};

const childrenOfShape = (path: string, value: unknown): readonly Setting[] =>
  typeof value === "object" && value !== null ? childrenOf(path, asNode(value)) : [];

/** Variants of a union share settings: the first mention of a path is kept, with the choices of the others. */
const unlessRepeated = (settings: readonly Setting[]): readonly Setting[] => {
  const byPath = new Map<string, Setting>();
  for (const setting of settings) {
    const earlier = byPath.get(setting.path);
    const isSame = earlier === undefined || earlier.type === setting.type;
    byPath.set(setting.path, isSame ? (earlier ?? setting) : { ...earlier, type: `${earlier.type}, ${setting.type}` });
  }
  return [...byPath.values()];
};

const settingOf = (path: string, node: Node, isSection: boolean): Setting => ({
  path,
  type: typeOf(node),
  fallback: node.default === undefined || isSection ? "" : JSON.stringify(node.default),
  bounds: boundsOf(node),
  description: node.description ?? "",
});

const typeOf = (node: Node): string => {
  if (node.enum !== undefined) return node.enum.map((value) => code(String(value))).join(", ");
  if (node.const !== undefined) return code(String(node.const));
  const variants = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  if (variants.length > 0) return [...new Set(variants.map((variant) => typeOf(asNode(variant))))].join(" or ");
  if (node.items !== undefined) return "list";
  return [node.type ?? "string"].flat().join(" or ").replace("string", "text");
};

const bounds = [
  ["minimum", "≥ "],
  ["exclusiveMinimum", "> "],
  ["maximum", "≤ "],
  ["exclusiveMaximum", "< "],
  ["minLength", "length ≥ "],
  ["maxLength", "length ≤ "],
  ["minItems", "entries ≥ "],
  ["maxItems", "entries ≤ "],
  ["pattern", "matches "],
] as const;

/** The largest safe integer is what zod writes for "no upper bound". */
const boundsOf = (node: Node): string =>
  bounds
    .filter(([key]) => node[key] !== undefined && Math.abs(Number(node[key])) !== Number.MAX_SAFE_INTEGER)
    .map(([key, sign]) => `${sign}${key === "pattern" ? code(String(node[key])) : String(node[key])}`)
    .join(", ");
