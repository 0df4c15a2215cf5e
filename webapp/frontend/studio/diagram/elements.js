// The list of a diagram's elements, with what is wrong with them; and the marks on the canvas.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { h, icon } from "../dom.js";
import { t } from "../words.js";
import { kindWords, nameOf } from "./words.js";

const LISTED = ["bpmn:Activity", "bpmn:Event", "bpmn:Gateway"];

export class Elements {
  constructor(studio, canvas) {
    Object.assign(this, { studio, canvas });
    this.list = h("ul", { class: "fq-tree" });
    this.element = h("section", {}, h("h2", {}, t("图中的元素")), this.list);
    canvas.on("studio.loaded", () => this.draw());
    canvas.on("commandStack.changed", () => this.draw());
    canvas.on("selection.changed", () => this.current());
    studio.checks.onCheck(() => this.draw());
  }

  draw() {
    this.found = this.studio.checks.of(this.canvas.path);
    const shapes = this.canvas.get("elementRegistry").filter((one) => !one.labelTarget && LISTED.some((kind) => is(one, kind)));
    shapes.sort((one, other) => one.x - other.x || one.y - other.y);
    this.list.replaceChildren(...shapes.map((one) => h("li", {}, this.link(one))));
    this.current();
    this.marks();
  }

  link({ id, businessObject: bo }) {
    const wrong = this.found.filter((one) => one.element === id);
    const isBad = wrong.some((one) => one.severity === "error");
    const go = (event) => {
      event.preventDefault();
      this.canvas.select(id);
    };
    return h("a", { href: "#", onclick: go, "data-id": id }, h("span", {}, nameOf(bo) || kindWords(bo)), isBad ? icon("bad", t("有错误")) : wrong.length > 0 && h("span", { class: "is-warn" }, icon("over", t("有提醒"))));
  }

  current() {
    const id = this.canvas.selected?.id;
    for (const link of this.list.querySelectorAll("a")) {
      if (link.dataset.id === id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** A number on every shape with findings: its place in the list below. */
  marks() {
    const overlays = this.canvas.get("overlays");
    const registry = this.canvas.get("elementRegistry");
    overlays.remove({ type: "finding" });
    const marked = new Map();
    for (const finding of this.found) if (registry.get(finding.element)?.parent && !marked.has(finding.element)) marked.set(finding.element, finding);
    for (const [id, finding] of marked) this.mark(overlays, registry.get(id), finding);
  }

  mark(overlays, element, finding) {
    const number = this.studio.checks.findings.indexOf(finding) + 1;
    const html = h("button", { type: "button", class: `fq-finding-mark ${finding.severity === "error" ? "is-bad" : "is-warn"}`, title: finding.message, "aria-label": t("第 {n} 处：{what}", { n: number, what: finding.message }), onclick: () => this.canvas.select(element.id) }, String(number));
    const isLine = Boolean(element.waypoints);
    overlays.add(element.id, "finding", { html, position: isLine ? { top: -12, left: 0 } : { top: -12, left: -12 }, show: { minZoom: 0.1 }, scale: { min: 0.9, max: 1.2 } });
  }
}
