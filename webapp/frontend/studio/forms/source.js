// The two files of a form as JSON, for experts. What is typed is never lost, broken or not.
import { h } from "../dom.js";
import { editText } from "../source/editor.js";
import { t } from "../words.js";

/** {element, draw(), go(file, line)} */
export function showSource(desk) {
  const places = { schema: h("div", { class: "fq-source-text" }), ui: h("div", { class: "fq-source-text" }) };
  const me = {};
  const editors = {};
  for (const [file, label] of [["schema", t("问题（schema.json）")], ["ui", t("顺序和条件（ui.json）")]]) {
    editors[file] = editText(places[file], { nonce: desk.studio.nonce, language: "json", label, readOnly: !desk.mayEdit, write: (text) => write(file, text) });
  }
  const element = h("div", { class: "fq-source" }, h("h3", {}, t("问题（schema.json）")), places.schema, h("h3", {}, t("顺序和条件（ui.json）")), places.ui);

  function write(file, text) {
    desk.studio.copy.write(file === "schema" ? desk.schemaPath : desk.uiPath, text, me);
  }

  function mark() {
    for (const [file, text] of Object.entries(desk.texts)) {
      const { line, message } = desk.form.broken?.find((one) => one.file === file) ?? {};
      const own = desk.problems.filter((one) => one.file === file && !line);
      const found = own.map((one) => ({ line: one.line ?? lineOf(text, one.place), message: one.message, severity: one.severity }));
      editors[file].mark(message ? [{ line, message, severity: "error" }] : found);
    }
  }

  return {
    element,
    draw() {
      for (const [file, text] of Object.entries(desk.texts)) editors[file].set(text);
      mark();
    },
    mark,
    go: (file, line) => editors[file].go(line),
  };
}

/** The line on which the last part of a path (“properties.amount.title”) stands. */
function lineOf(text, place) {
  const lines = text.split("\n");
  let from = 0;
  for (const part of place.replace(/^ui:visible\./, "ui:visible\n").split(/[.\n]/)) {
    const found = lines.findIndex((line, at) => at >= from && line.includes(`"${part}"`));
    if (found >= 0) from = found;
  }
  return from + 1;
}
