import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refuseUnlessReadOnly } from "../../store/read-only-sql.ts";

const allowed: readonly string[] = [
  "SELECT 1",
  "select count() from calls;",
  "(SELECT 1) UNION ALL (SELECT 2)",
  "WITH 1 AS x SELECT x",
  "FROM calls SELECT *",
  "SELECT 'a;b', \"a;b\", `a;b` -- ; DROP TABLE calls",
  "SELECT 1 /* INTO OUTFILE 'x' */ FORMAT JSON",
  "SELECT 1 # a comment; of the other kind",
  "SELECT 'it''s', 'it\\'s; fine'",
  "SELECT SpanAttributes['file'] FROM otel_traces",
  "SELECT * FROM calls AS `a/b`",
  "SHOW TABLES FROM `plumbline`",
  "DESCRIBE TABLE calls",
  "DESCRIBE (SELECT * FROM calls)",
  "EXPLAIN SELECT 1",
  "EXISTS TABLE calls",
  "SELECT {p:String}, 'ключ'",
];

const refused: readonly { readonly sql: string; readonly code: number }[] = [
  { sql: "", code: 62 },
  { sql: " -- nothing\n", code: 62 },
  { sql: "SELECT 1; DROP TABLE calls", code: 62 },
  { sql: "SELECT 1;;", code: 62 },
  { sql: "SELECT '\\'; DROP TABLE calls", code: 62 },
  { sql: "INSERT INTO calls VALUES (1)", code: 164 },
  { sql: "CREATE TABLE t (a Int8) ENGINE = Memory", code: 164 },
  { sql: "KILL QUERY WHERE 1", code: 164 },
  { sql: "SYSTEM STOP MERGES", code: 164 },
  { sql: "SET readonly = 0", code: 164 },
  { sql: "/**/ (KILL QUERY WHERE 1)", code: 164 },
  { sql: "SELECT file('/etc/passwd')", code: 164 },
  { sql: "SELECT `file`('/etc/passwd')", code: 164 },
  { sql: "SELECT * APPLY file FROM (SELECT '/etc/passwd')", code: 164 },
  { sql: "SELECT arrayMap(file, ['/etc/passwd'])", code: 164 },
  { sql: "SELECT catboostEvaluate('/tmp/model', 1)", code: 164 },
  { sql: "SELECT 1 INTO OUTFILE '/tmp/x'", code: 164 },
  { sql: "SELECT 1 into/* */outfile '/tmp/x'", code: 164 },
  { sql: "EXPLAIN SELECT 1 INTO OUTFILE '/tmp/x'", code: 164 },
  { sql: "DESCRIBE url('http://127.0.0.1/')", code: 164 },
  { sql: "DESC TABLE \"url\"('http://127.0.0.1/')", code: 164 },
  { sql: "EXISTS default.`/etc/passwd`", code: 164 },
  { sql: "/* /* */ SELECT 1 */ SELECT 2", code: 62 },
  { sql: "SELECT $$ ' $$; DROP TABLE calls", code: 62 },
  { sql: "SELECT \u2018it's\u2019", code: 62 },
  { sql: "SELECT x'5c\\'; DROP TABLE calls --'", code: 62 },
  { sql: "SELECT 'open", code: 62 },
  { sql: "SELECT 1 /* open", code: 62 },
];

describe("a reader's statement", () => {
  it.each(allowed)("may be run when it only reads the database: %s", (sql) => {
    expect(refuseUnlessReadOnly(sql)).toBeNull();
  });

  it.each(refused)("is refused when it could do more: $sql", ({ sql, code }) => {
    expect(refuseUnlessReadOnly(sql)).toMatchObject({ code });
  });

  it("keeps a string of any characters a string", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const literal = `'${text.replace(/\\/g, "\\\\").replace(/'/g, "''")}'`;
        expect(refuseUnlessReadOnly(`SELECT ${literal}`)).toBeNull();
        expect(refuseUnlessReadOnly(`SELECT ${literal}; SELECT 1`)).toMatchObject({ code: 62 });
      }),
    );
  });
});
