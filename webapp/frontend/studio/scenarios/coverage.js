// What all scenarios pass together, in words and painted on the diagrams.
import { button, h } from "../dom.js";
import { t } from "../words.js";
import { diagramOf } from "./read.js";

/** The right pane: {draw()}. */
export function showCoverage(studio, pane, walks) {
  function draw() {
    const { passed, missed } = walks.coverage();
    const done = Object.keys(passed).length;
    const total = done + Object.keys(missed).length;
    pane.replaceChildren(
      h("h2", {}, t("走到了哪里")),
      total ? h("p", {}, h("b", {}, t("{done} / {total} 处", { done, total })), h("meter", { min: 0, max: total, value: done, "aria-label": t("走到的步骤") })) : h("p", { class: "fq-hint" }, t("运行以后，这里列出没有场景走到的步骤。")),
      total ? button(t("画在流程图上"), () => paint(passed, missed), { picture: "flow", style: "btn-quiet btn-sm" }) : "",
    );
    if (done < total) pane.append(h("h3", {}, t("没有场景走到")), h("ul", { class: "fq-tree" }, Object.entries(missed).map(row)));
  }

  function row([id, title]) {
    const path = diagramOf(studio.copy, id);
    const go = (event) => {
      event.preventDefault();
      if (path) studio.tabs.open(path, id);
    };
    return h("li", {}, h("a", { href: "#", onclick: go }, h("span", {}, title || id)));
  }

  function paint(passed, missed) {
    const marks = new Map();
    for (const id of Object.keys(passed)) marks.set(id, { style: "passed", words: "" });
    for (const id of Object.keys(missed)) marks.set(id, { style: "missed", words: t("没走到") });
    studio.marks.show("coverage", marks);
    const first = Object.keys(missed)[0] ?? Object.keys(passed)[0];
    studio.tabs.open(diagramOf(studio.copy, first), "");
  }

  return { draw };
}
