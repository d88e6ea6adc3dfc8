import { setText } from "./dom.ts";

/** The two looks of the page. */
export type Theme = "light" | "dark";

const key = "plumbline.theme";
const prefersDark = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");

/** The theme in effect: the one chosen, or else the system's. */
const currentTheme = (): Theme => {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "dark" || chosen === "light") return chosen;
  return prefersDark().matches ? "dark" : "light";
};

const label = (button: HTMLElement): void => {
  const next = currentTheme() === "dark" ? "light" : "dark";
  button.setAttribute("aria-label", `Switch to the ${next} theme`);
  button.title = `Switch to the ${next} theme`;
  setText(button, next === "dark" ? "☾" : "☀");
};

/** Makes the button switch the theme and remember it; `onChange` runs after each change, the system's too. */
export const bindTheme = (button: HTMLElement, onChange: () => void): void => {
  const changed = (): void => {
    label(button);
    onChange();
  };
  button.addEventListener("click", () => {
    const next: Theme = currentTheme() === "dark" ? "light" : "dark";
    document.documentElement.dataset["theme"] = next;
    localStorage.setItem(key, next);
    changed();
  });
  prefersDark().addEventListener("change", changed);
  label(button);
};
