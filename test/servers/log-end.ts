const shownErrors = 10;
const shownLines = 15;
const telling = / (?:ERROR|FATAL) |^Caused by: |^Exception in thread/;

/** What a reader needs of a server's log to see why it ended: its last errors, which much may follow, and its last lines. */
export const logEnd = (log: string): string => {
  const lines = log.trimEnd().split("\n");
  const last = lines.slice(-shownLines);
  const errors = lines.slice(0, -shownLines).filter((line) => telling.test(line));
  return [...errors.slice(-shownErrors), ...last].join("\n");
};
