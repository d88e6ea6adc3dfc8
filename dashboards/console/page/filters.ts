import type { PageFilter } from "../../page.ts";
import { el } from "./dom.ts";
import type { Where } from "./where.ts";

/** One menu for each filter. */
export interface FilterMenus {
  readonly elements: readonly HTMLElement[];
  /** Shows a choice. */
  readonly select: (where: Where) => void;
  /** Offers the values there are; while the menu is in use it is left alone. */
  readonly offer: (dimension: string, values: readonly string[]) => void;
}

/** Creates the menus; `onChoose` gets the value, or null for all of them. */
export const createFilterMenus = (
  filters: readonly PageFilter[],
  where: Where,
  onChoose: (dimension: string, value: string | null) => void,
): FilterMenus => {
  const menus = filters.map(({ dimension, label, plural }) => {
    const menu = el("select", { class: "quiet", "aria-label": label });
    menu.addEventListener("change", () => onChoose(dimension, menu.value === "" ? null : menu.value));
    return { dimension, plural, menu };
  });
  const offerTo = ({ menu, plural }: (typeof menus)[number], values: readonly string[]): void => {
    const chosen = menu.value;
    menu.replaceChildren(
      el("option", { value: "" }, `All ${plural}`),
      ...values.map((value) => el("option", { value }, value)),
    );
    menu.value = chosen;
  };
  const select = (chosen: Where): void => {
    for (const each of menus) {
      const value = chosen[each.dimension];
      const known = [...each.menu.options].map((option) => option.value).filter((name) => name !== "");
      if (value !== undefined && !known.includes(value)) offerTo(each, [...known, value].sort());
      each.menu.value = value ?? "";
      each.menu.dataset["chosen"] = String(value !== undefined);
    }
  };
  for (const each of menus) offerTo(each, []);
  select(where);
  return {
    elements: menus.map(({ menu }) => menu),
    select,
    offer: (dimension, values) => {
      const found = menus.find((each) => each.dimension === dimension);
      if (found === undefined || document.activeElement === found.menu) return;
      offerTo(found, values);
    },
  };
};
