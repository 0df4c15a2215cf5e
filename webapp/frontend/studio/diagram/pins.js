// Small marks at elements of the open diagram. What is shown already stays in its place: only what is
// new, otherwise or gone is touched, so that nothing vanishes under the reader's hand.
import { h } from "../dom.js";

/** While something is drawn or moved the marks let the hand through to the shapes below them. */
export function letThrough(canvas, place) {
  canvas.on("drag.init", () => place.classList.add("is-drawing"));
  canvas.on("drag.cleanup", () => place.classList.remove("is-drawing"));
}

export class Pins {
  /** `type` names them among the overlays; `at(element)`: where beside it they stand. */
  constructor(canvas, type, at) {
    Object.assign(this, { canvas, type, at, shown: new Map() });
  }

  /** `wanted`: element id → {style, words, title, label, act}. */
  show(wanted) {
    for (const id of this.shown.keys()) if (!wanted.has(id) || !this.stands(id)) this.drop(id);
    for (const [id, pin] of wanted) this.put(id, pin);
  }

  /** Whether the mark still stands at the element: opening a diagram takes all away. */
  stands(id) {
    const { overlay } = this.shown.get(id);
    const element = this.canvas.get("elementRegistry").get(id);
    return Boolean(element) && this.canvas.get("overlays").get(overlay)?.element === element;
  }

  drop(id) {
    this.canvas.get("overlays").remove(this.shown.get(id).overlay);
    this.shown.delete(id);
  }

  put(id, pin) {
    const element = this.canvas.get("elementRegistry").get(id);
    if (!element?.parent) return;
    if (!this.shown.has(id)) this.shown.set(id, this.make(element));
    const mark = this.shown.get(id);
    mark.act = pin.act;
    set(mark.button, "className", `fq-pin ${element.waypoints ? "is-line " : ""}${pin.style}`);
    set(mark.button, "textContent", pin.words);
    set(mark.button, "title", pin.title);
    set(mark.button, "ariaLabel", pin.label);
  }

  make(element) {
    const mark = { button: h("button", { type: "button", onclick: () => mark.act() }), act: null };
    mark.overlay = this.canvas.get("overlays").add(element, this.type, { html: mark.button, position: this.at(element), show: { minZoom: 0.1 }, scale: { min: 0.9, max: 1.2 } });
    return mark;
  }
}

function set(node, name, value) {
  if (node[name] !== value) node[name] = value;
}
