// Fields of the panel: labels, inputs, and when what is typed becomes a step of undo.
import { feelField } from "../../feel/field.js";
import { button, h } from "../../dom.js";
import { t } from "../../words.js";

const WAIT_MS = 350;

/** Texts being typed: written a moment after the last key, or when the field is left. */
export class Typed {
  constructor() {
    this.waiting = new Map();
  }

  later(key, act) {
    clearTimeout(this.waiting.get(key)?.timer);
    this.waiting.set(key, { act, timer: setTimeout(() => this.flush(), WAIT_MS) });
  }

  /** Somebody else's file is there now: what was half typed does not go over it. */
  drop() {
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
  }

  flush() {
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const { act, timer } of all) {
      clearTimeout(timer);
      act();
    }
  }
}

let count = 0;

function labelled(label, hint, make) {
  const id = `field-${(count += 1)}`;
  const about = hint ? `${id}-hint` : null;
  return h("div", { class: "fq-field" }, h("label", { htmlFor: id }, label), make(id, about), hint && h("p", { class: "fq-hint", id: about }, hint));
}

/** A line or (rows > 1) several lines of text. `write` hears the trimmed text, `late` only of a field that was left. */
export function text(p, { key, label, value, write, hint = "", rows = 1, mono = false, placeholder = "", late = false }) {
  return labelled(label, hint, (id, about) => {
    const put = () => p.act(() => write(input.value.trim()));
    const settle = late ? put : () => p.typed.flush();
    const input = h(rows > 1 ? "textarea" : "input", {
      id,
      class: `form-control${mono ? " fq-feel" : ""}`,
      "data-key": key,
      "aria-describedby": about,
      readOnly: p.readOnly,
      placeholder,
      spellcheck: !mono,
      oninput: late ? null : () => p.typed.later(key, put),
      onchange: settle,
      onblur: late ? null : settle,
    });
    if (rows > 1) input.rows = rows;
    input.value = value;
    return input;
  });
}

/** One of several. `options`: [[value, words]]; a value that is none of them is kept and shown. */
export function choice(p, { key, label, value, options, write, hint = "", empty = "" }) {
  const all = [...(empty ? [["", empty]] : []), ...options];
  if (!all.some(([one]) => one === value)) all.unshift([value, value || t("请选择")]);
  return labelled(label, hint, (id, about) =>
    h(
      "select",
      { id, class: "form-select", "data-key": key, "aria-describedby": about, disabled: p.readOnly, onchange: (event) => p.act(() => write(event.target.value), { redraw: true }) },
      all.map(([one, words]) => h("option", { value: one, selected: one === value }, words)),
    ),
  );
}

export function tick(p, { key, label, value, write, hint = "" }) {
  const input = h("input", { type: "checkbox", "data-key": key, checked: value, disabled: p.readOnly, onchange: () => p.act(() => write(input.checked), { redraw: true }) });
  return h("div", { class: "fq-field" }, h("label", { class: "fq-check" }, input, " ", label), hint && h("p", { class: "fq-hint" }, hint));
}

/** An expression, or (kind `script`) lines of them. `expects`: FEEL type. */
export function feel(p, { key, label, value, write, hint = "", expects = "", kind = "expression", placeholder = "" }) {
  const field = feelField(p.studio, {
    value,
    label,
    expects,
    kind,
    placeholder,
    readOnly: p.readOnly,
    write: (written) => p.typed.later(key, () => p.act(() => write(written.trim()))),
  });
  field.element.dataset.key = key;
  field.element.addEventListener("focusout", () => p.typed.flush());
  p.feels.push(field);
  return h("div", { class: "fq-field" }, h("span", { class: "fq-label" }, label), field.element, hint && h("p", { class: "fq-hint" }, hint));
}

/** A press that does something now. */
export function press(p, words, act, more = {}) {
  return button(words, act, { style: "btn-quiet btn-sm", disabled: p.readOnly, ...more });
}

/** Goes to another file of the package. */
export function opens(p, words, path, element = "") {
  const go = (event) => {
    event.preventDefault();
    p.typed.flush();
    p.studio.tabs.open(path, element);
  };
  return h("a", { href: "#", onclick: go }, words);
}

export const hint = (words) => h("p", { class: "fq-hint" }, words);
