// A field for an expression or a condition in FEEL.
import { h } from "../dom.js";

/**
 * `value`: the text; `write(text)` hears every change; `label`: what it is called, for readers of screens.
 * `kind`: expression | unary (a cell of a table). `expects`: FEEL type, "" for any.
 * Returns {element, set(text), mark([{column, message}]), focus()}.
 */
export function feelField(_studio, { value, write, label, readOnly = false }) {
  const field = h("textarea", { class: "form-control fq-feel", rows: 2, value, readOnly, spellcheck: false, "aria-label": label, oninput: () => write(field.value) });
  return {
    element: field,
    set(text) {
      if (field.value !== text) field.value = text;
    },
    mark(found) {
      field.toggleAttribute("aria-invalid", found.length > 0);
      field.title = found.map((one) => one.message).join("\n");
    },
    focus: () => field.focus(),
  };
}
