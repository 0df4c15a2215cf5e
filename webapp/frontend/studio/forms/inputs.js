// Labelled inputs of the panel. Ids are stable, so that focus survives a redrawing.
import { h } from "../dom.js";

const held = (id, label, control, hint) =>
  h("div", { class: "fq-field" }, h("label", { class: "fq-label", htmlFor: id }, label), hint && h("p", { class: "fq-help", id: `${id}-h` }, hint), control);

export function textInput(id, label, value, write, { hint = "", lines = 1, ...more } = {}) {
  const described = hint ? { "aria-describedby": `${id}-h` } : {};
  const control = h(lines > 1 ? "textarea" : "input", { id, class: "form-control", value: value ?? "", oninput: (event) => write(event.target.value), ...(lines > 1 ? { rows: lines } : { type: "text" }), ...described, ...more });
  return held(id, label, control, hint);
}

export function numberInput(id, label, value, write, more = {}) {
  const read = (event) => write(event.target.value === "" ? undefined : Number(event.target.value));
  return held(id, label, h("input", { id, type: "number", class: "form-control", value: value ?? "", oninput: read, ...more }));
}

/** `options`: [[value, words]]. */
export function selectInput(id, label, value, options, write, hint = "") {
  const control = h(
    "select",
    { id, class: "form-select", onchange: (event) => write(event.target.value) },
    options.map(([one, words]) => h("option", { value: one, selected: one === value }, words)),
  );
  return held(id, label, control, hint);
}

export function tick(id, label, checked, write, hint = "") {
  return h("div", { class: "fq-field" }, h("label", { class: "fq-check", htmlFor: id }, h("input", { id, type: "checkbox", checked, onchange: (event) => write(event.target.checked) }), " ", label), hint && h("p", { class: "fq-help" }, hint));
}

/** `options`: [[value, words, help]]. */
export function radios(id, legend, value, options, write) {
  return h(
    "fieldset",
    { class: "fq-radios" },
    h("legend", { class: "visually-hidden" }, legend),
    options.map(([one, words, help]) => h("div", {}, h("label", { class: "fq-check", htmlFor: `${id}-${one}` }, h("input", { id: `${id}-${one}`, type: "radio", name: id, value: one, checked: one === value, onchange: () => write(one) }), " ", words), help && h("p", { class: "fq-help" }, help))),
  );
}

/** A part of the panel that folds. What somebody folded stays so while the page lives. */
const folded = new Map();

export function part(key, title, children, isOpen = true) {
  const remember = (event) => folded.set(key, !event.target.open);
  return h("details", { class: "fq-part", open: folded.has(key) ? !folded.get(key) : isOpen, ontoggle: remember }, h("summary", {}, title), h("div", { class: "fq-part-body" }, children.flat()));
}

/** Redraws and gives the focus back to the input that had it. */
export function keepingFocus(place, draw) {
  const focus = place.contains(document.activeElement) ? document.activeElement : null;
  const { id, selectionStart } = focus ?? {};
  const top = place.scrollTop;
  draw();
  place.scrollTop = top;
  const again = id && document.getElementById(id);
  if (!again) return;
  again.focus();
  if (selectionStart !== null && selectionStart !== undefined && again.setSelectionRange) again.setSelectionRange(selectionStart, selectionStart);
}
