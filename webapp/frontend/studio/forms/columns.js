// The columns of a table.
import { button, h, icon } from "../dom.js";
import { t } from "../words.js";
import { offerKinds } from "./adding.js";
import { part } from "./inputs.js";
import { moveField, namesOf } from "./model.js";

export function columnsPart(desk, at, property) {
  const names = namesOf(property.items ?? {});
  const act = (picture, label, run, disabled) => h("button", { type: "button", class: "btn btn-quiet btn-sm fq-only", "aria-label": label, title: label, disabled, onclick: run }, icon(picture));
  const row = (name, index) => {
    const one = property.items.properties[name];
    const column = `${at}.${name}`;
    const move = (by) => desk.edit((schema, ui) => moveField(schema, ui, column, by));
    return h("li", { class: "fq-row is-apart" }, h("button", { type: "button", class: "fq-link", onclick: () => desk.choose({ kind: "field", at: column }) }, one.title ?? name), h("span", { class: "fq-acts" }, act("up", t("上移“{title}”", { title: one.title ?? name }), () => move(-1), index === 0), act("down", t("下移“{title}”", { title: one.title ?? name }), () => move(1), index === names.length - 1)));
  };
  return part("columns", t("列"), [h("ul", { class: "fq-plainlist" }, names.map(row)), button(t("加一列"), () => offerKinds(desk, "", at), { picture: "plus", style: "btn-quiet btn-sm", id: "add-column" })]);
}
