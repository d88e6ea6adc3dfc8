/** Attributes of an element; `false` and `null` leave one out, `true` sets it empty, a function listens to a click. */
export interface Attributes {
  readonly [name: string]: string | number | boolean | null | ((event: MouseEvent) => void);
}

/** Creates an element with attributes and children. */
export const el = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function")
      element.addEventListener("click", (event) => event instanceof MouseEvent && value(event));
    else if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
};

/** Creates an SVG element with attributes. */
export const svg = (tag: string, attributes: Readonly<Record<string, string>>): SVGElement => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

/** The element of that id; the page cannot work without it, so it throws when there is none. */
export const byId = (id: string): HTMLElement => {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no element #${id}.`);
  return element;
};

/** Sets a text only when it changes, so that screen readers and selections are left in peace. */
export const setText = (element: Element, text: string): void => {
  if (element.textContent !== text) element.textContent = text;
};

/** The value of a CSS custom property at an element. */
export const cssValue = (element: Element, property: string): string =>
  getComputedStyle(element).getPropertyValue(property).trim();
