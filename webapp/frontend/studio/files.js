// The list of files at the left of a tab.
import { h, icon } from "./dom.js";
import { t } from "./words.js";

/** `name(path)` says what a file is called. Shows which have errors; returns {show(path)}. */
export function listFiles(studio, { title, paths, name, open }) {
  const list = h("ul", { class: "fq-tree" });
  let current = "";

  function draw() {
    list.replaceChildren(...paths().map((path) => h("li", {}, link(path))));
  }

  function link(path) {
    const isBad = studio.checks.of(path).some((one) => one.severity === "error");
    const act = (event) => {
      event.preventDefault();
      open(path);
    };
    return h(
      "a",
      { href: "#", onclick: act, "aria-current": path === current ? "true" : null },
      h("span", {}, name(path)),
      isBad && icon("bad", t("有错误")),
    );
  }

  studio.checks.onCheck(draw);
  studio.copy.onChange(({ path }) => path && !paths().includes(path) === list.textContent.includes(name(path)) && draw());
  return {
    element: h("div", { class: "fq-studio-list" }, h("h2", {}, title), list),
    show(path) {
      current = path;
      draw();
    },
    draw,
  };
}
