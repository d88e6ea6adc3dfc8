import type { Table } from "../../store/catalogue-column.ts";
import { code, markdownTable } from "./markdown-table.ts";

/** The reference of tables and their columns, from the store's catalogue. */
export const columnsPage = (tables: readonly Table[]): string => `# Columns

Every table of the store, as \`SELECT\` sees it. \`NULL\` means not known, never 0.

${tables.map(section).join("\n\n")}
`;

const section = ({ name, doc, columns }: Table): string => {
  const rows = columns.map((column) => [code(column.name), code(column.type), column.doc]);
  return `## \`${name}\`\n\n${doc}\n\n${markdownTable(["column", "type", "meaning"], rows)}`;
};
