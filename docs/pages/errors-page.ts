import { errorCodes } from "../../core/errors.ts";
import { code, markdownTable } from "./markdown-table.ts";

/** The reference of error codes, from the closed list. */
export const errorsPage = (): string => {
  const rows = Object.entries(errorCodes).map(([name, { retryable, help }]) => [
    code(name),
    retryable ? "yes" : "no",
    help,
  ]);
  return `# Error codes

Every error that Plumbline logs, counts or answers with carries one of these codes. "Retry" says whether the same input may
succeed later; Plumbline itself retries only those.

${markdownTable(["code", "retry", "what to do"], rows)}
`;
};
