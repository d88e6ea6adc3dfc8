const significant = (value: number, digits: number): string => String(Number(value.toPrecision(digits)));

/** Two units at most, the smaller one left out when it is 0: `2 min 5 s`, `3 h`. */
const inTwoUnits = (
  seconds: number,
  names: { readonly size: number; readonly big: string; readonly small: string },
): string => {
  const smallSize = names.size / (names.small === "h" ? 24 : 60);
  const total = Math.floor(seconds / smallSize);
  const perBig = names.size / smallSize;
  const rest = total % perBig;
  const big = `${Math.floor(total / perBig)} ${names.big}`;
  return rest === 0 ? big : `${big} ${rest} ${names.small}`;
};

/** Milliseconds in the unit a person would say: `0.42 ms`, `123 ms`, `1.23 s`, `2 min 5 s`, `3 h 12 min`, `2 d 3 h`. */
export const formatDuration = (ms: number): string => {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < 10) return `${significant(ms, 2)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${significant(seconds, 3)} s`;
  if (seconds < 3600) return inTwoUnits(seconds, { size: 60, big: "min", small: "s" });
  if (seconds < 86_400) return inTwoUnits(seconds, { size: 3600, big: "h", small: "min" });
  return inTwoUnits(seconds, { size: 86_400, big: "d", small: "h" });
};

/** How long ago something was, for a status line: `just now` below two seconds, then `12 s ago`. */
export const formatAge = (ms: number): string =>
  ms < 2000 ? "just now" : `${formatDuration(Math.floor(ms / 1000) * 1000)} ago`;
