// The list of a diagram's elements, with what is wrong with them; and the marks on the canvas.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { h, icon, refill } from "../dom.js";
import { t } from "../words.js";
import { Pins } from "./pins.js";
import { kindWords, nameOf } from "./words.js";

const LISTED = ["bpmn:Activity", "bpmn:Event", "bpmn:Gateway"];

export class Elements {
  constructor(studio, canvas) {
    Object.assign(this, { studio, canvas });
    this.pins = new Pins(canvas, "finding", () => ({ top: 0, left: 0 }));
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
    const facts = shapes.map((one) => ({ id: one.id, name: nameOf(one.businessObject) || kindWords(one.businessObject), wrong: this.gravest(one.id) }));
    refill(this.list, facts, () => facts.map((one) => h("li", {}, this.link(one))));
    this.current();
    this.marks();
  }

  /** "error", "warning" or "" where nothing is wrong with an element. */
  gravest(id) {
    const wrong = this.found.filter((one) => one.element === id);
    return wrong.find((one) => one.severity === "error")?.severity ?? wrong[0]?.severity ?? "";
  }

  link({ id, name, wrong }) {
    const go = (event) => {
      event.preventDefault();
      this.canvas.select(id);
    };
    return h("a", { href: "#", onclick: go, "data-id": id }, h("span", {}, name), wrong === "error" ? icon("bad", t("有错误")) : wrong && h("span", { class: "is-warn" }, icon("over", t("有提醒"))));
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
    const wanted = new Map();
    for (const finding of this.found) if (!wanted.has(finding.element)) wanted.set(finding.element, this.pin(finding));
    this.pins.show(wanted);
  }

  pin(finding) {
    const number = String(this.studio.checks.findings.indexOf(finding) + 1);
    const style = finding.severity === "error" ? "is-bad" : "is-warn";
    return { style, words: number, title: finding.message, label: t("第 {n} 处：{what}", { n: number, what: finding.message }), act: () => this.canvas.select(finding.element) };
  }
}
