// The list of files at the left of a tab.
import { h, icon, refill } from "./dom.js";
import { t } from "./words.js";

/** `name(path)` says what a file is called. Shows which have errors; returns {show(path)}. */
export function listFiles(studio, { title, paths, name, open }) {
  const list = h("ul", { class: "fq-tree" });
  let current = "";

  function draw() {
    const facts = paths().map((path) => ({ path, words: name(path), isBad: studio.checks.of(path).some((one) => one.severity === "error"), isCurrent: path === current }));
    refill(list, facts, () => facts.map((one) => h("li", {}, link(one))));
  }

  function link({ path, words, isBad, isCurrent }) {
    const act = (event) => {
      event.preventDefault();
      open(path);
    };
    return h(
      "a",
      { href: "#", onclick: act, "aria-current": isCurrent ? "true" : null },
      h("span", {}, words),
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
