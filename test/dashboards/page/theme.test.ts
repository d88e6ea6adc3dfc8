import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { paletteSize } from "../../../dashboards/console/page/palette.ts";

const css = readFileSync(new URL("../../../dashboards/console/page/theme.css", import.meta.url), "utf8");
const blockOf = (selector: string): string => css.slice(css.indexOf(`${selector} {`)).split("}")[0] ?? "";
const colorOf = (block: string, name: string): string => new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(block)?.[1] ?? "";

const light = blockOf(":root");
const systemDark = blockOf(':root:not([data-theme="light"])');
const chosenDark = blockOf(':root[data-theme="dark"]');

/** Relative luminance of a colour as WCAG 2.2 defines it. */
const luminance = (color: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (a: string, b: string): number => {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};

test.each([
  { name: "light", block: light },
  { name: "dark", block: chosenDark },
])("every series colour of the $name theme stands out from a card by 3 to 1", ({ block }) => {
  for (let slot = 0; slot < paletteSize; slot += 1) {
    expect(
      contrast(colorOf(block, `series-${slot}`), colorOf(block, "card")),
      `--series-${slot}`,
    ).toBeGreaterThanOrEqual(3);
  }
});

test.each([
  { name: "light", block: light },
  { name: "dark", block: chosenDark },
])("every text of the $name theme stands out from card and page by 4.5 to 1", ({ block }) => {
  for (const ink of ["ink", "ink-soft", "ink-quiet", "good", "warn", "bad"]) {
    for (const ground of ["card", "page"]) {
      expect(contrast(colorOf(block, ink), colorOf(block, ground)), `--${ink} on --${ground}`).toBeGreaterThanOrEqual(
        4.5,
      );
    }
  }
});

test("the dark theme is the same whether the system asks for it or the reader chose it", () => {
  const colors = (block: string): readonly string[] => [...block.matchAll(/--[\w-]+: [^;]+/g)].map(([line]) => line);
  expect(colors(chosenDark).length).toBeGreaterThan(20);
  expect(colors(systemDark)).toEqual(colors(chosenDark));
});
