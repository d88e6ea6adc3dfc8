// A classic script in the head, because a module would run after the first paint and flash the other theme.
{
  const stored = localStorage.getItem("plumbline.theme");
  if (stored === "dark" || stored === "light") document.documentElement.dataset["theme"] = stored;
}
