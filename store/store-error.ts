import { messageOf, PlumblineError } from "../core/errors.ts";

/**
 * ClickHouse's error codes that say that the rows are at fault, so that the same fails again. Every other error of an insert
 * (network, memory, disk, too many parts, a wrong password, a table or column that is missing) is the store's own and is waited
 * out: a batch must not go to dead letters because a disk was full.
 */
const dataCodes: ReadonlySet<number> = new Set([
  6, // CANNOT_PARSE_TEXT
  26, // CANNOT_PARSE_QUOTED_STRING
  27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  38, // CANNOT_PARSE_DATE
  41, // CANNOT_PARSE_DATETIME
  53, // TYPE_MISMATCH
  69, // ARGUMENT_OUT_OF_BOUND
  70, // CANNOT_CONVERT_TYPE
  72, // CANNOT_PARSE_NUMBER
  117, // INCORRECT_DATA
  130, // CANNOT_READ_ARRAY_FROM_TEXT
  131, // TOO_LARGE_STRING_SIZE
  349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
]);

/** Codes that say that the text of a statement is at fault. */
const statementCodes: ReadonlySet<number> = new Set([
  16, // NO_SUCH_COLUMN_IN_TABLE
  20, // NUMBER_OF_COLUMNS_DOESNT_MATCH
  36, // BAD_ARGUMENTS
  42, // NUMBER_OF_ARGUMENTS_DOESNT_MATCH
  43, // ILLEGAL_TYPE_OF_ARGUMENT
  46, // UNKNOWN_FUNCTION
  47, // UNKNOWN_IDENTIFIER
  62, // SYNTAX_ERROR
  115, // UNKNOWN_SETTING
  164, // READONLY
  184, // ILLEGAL_AGGREGATION
  456, // UNKNOWN_QUERY_PARAMETER
  457, // BAD_QUERY_PARAMETER
]);

/** The engine repeats whole statements in its messages; the cause keeps them. */
const messageLength = 400;

/** Turns what a ClickHouse client threw into an error of ours, permanent or retryable; `what` says what was tried. */
export const storeError = (error: unknown, what: string): PlumblineError =>
  asStoreError(error, { what, isPermanent: (code) => dataCodes.has(code) || statementCodes.has(code) });

/** The same for an insert of ours, whose statement is never at fault: a table may still be brought forward. */
export const insertError = (error: unknown, table: string): PlumblineError =>
  asStoreError(error, { what: `insert into ${table}`, isPermanent: (code) => dataCodes.has(code) });

const asStoreError = (
  error: unknown,
  { what, isPermanent }: { readonly what: string; readonly isPermanent: (code: number) => boolean },
): PlumblineError => {
  if (error instanceof PlumblineError) {
    return error;
  }
  const code = codeOf(error);
  return new PlumblineError(
    code !== null && isPermanent(code) ? "store.rejected" : "store.unavailable",
    `ClickHouse could not ${what}: ${messageOf(error).slice(0, messageLength)}`,
    { cause: error },
  );
};

/** The number of a ClickHouse error; the client has it as text in `code`. */
const codeOf = (error: unknown): number | null => {
  if (typeof error !== "object" || error === null || !("code" in error)) {
    return null;
  }
  const code = Number(error.code);
  return Number.isSafeInteger(code) ? code : null;
};
