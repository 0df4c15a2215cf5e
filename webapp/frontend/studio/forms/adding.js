// Choosing the kind of a new question.
import { button, h } from "../dom.js";
import { t } from "../words.js";
import { COLUMNS, KINDS, makeField } from "./kinds.js";
import { addColumn, addField } from "./model.js";

/** A dialog of kinds; the new question stands behind `after`, as a column of `table` where one is named. */
export function offerKinds(desk, after = "", table = "") {
  const { schema } = desk.form;
  const hasParties = Object.values(schema.properties ?? {}).some((one) => one["x-widget"] === "parties");
  const kinds = table ? COLUMNS : Object.keys(KINDS).filter((one) => one !== "parties" || !hasParties);
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  const take = (widget) => {
    close();
    const made = desk.edit((schema, ui) => (table ? `${table}.${addColumn(schema, table, makeField(widget), KINDS[widget].name)}` : addField(schema, ui, makeField(widget), KINDS[widget].name, after)));
    desk.choose({ kind: "field", at: made });
    document.getElementById("p-title")?.select();
  };
  const choice = (widget) => h("button", { type: "button", class: "fq-kind", "data-kind": widget, onclick: () => take(widget) }, h("b", {}, t(KINDS[widget].words)), h("span", { class: "fq-sub" }, t(KINDS[widget].help)));
  const dialog = h("dialog", { class: "fq-dialog is-wide", "aria-labelledby": "kinds-title", oncancel: close }, h("h2", { id: "kinds-title" }, table ? t("这一列填什么？") : t("这个问题填什么？")), h("div", { class: "fq-kinds" }, kinds.map(choice)), h("div", { class: "fq-actions" }, button(t("不加了"), close)));
  document.body.append(dialog);
  dialog.showModal();
}
