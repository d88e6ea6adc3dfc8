/** A Markdown table; pipes and line ends within cells are made harmless. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map(cell).join(" | ")} |`).join("\n");

/** Text as inline code; empty text stays empty. */
export const code = (text: string): string => (text === "" ? "" : `\`${text}\``);

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
