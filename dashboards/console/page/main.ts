import { fetchPage } from "./api.ts";
import { byId, el, setText } from "./dom.ts";
import { PageView } from "./page-view.ts";

const start = async (): Promise<void> => {
  const model = await fetchPage();
  document.title = model.title;
  setText(byId("title"), model.title);
  new PageView(model).start();
};

start().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  const reload = el("button", { class: "quiet", type: "button" }, "Reload");
  reload.addEventListener("click", () => location.reload());
  byId("rows").replaceChildren(
    el(
      "section",
      { class: "empty", role: "alert" },
      el("h2", {}, "The page cannot start"),
      el("p", {}, message),
      reload,
    ),
  );
  byId("live").dataset["state"] = "failing";
  setText(byId("state"), "Stopped");
});
