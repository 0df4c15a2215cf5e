// The questions of a form as cards, in the order they are asked, in their sections.
import { button, h, icon } from "../dom.js";
import { t, titled } from "../words.js";
import { offerKinds } from "./adding.js";
import { addGroup, moveGroup, removeGroup } from "./groups.js";
import { KINDS, widgetOf } from "./kinds.js";
import { keepingFocus } from "./inputs.js";
import { duplicate, isRequired, moveBefore, moveField, namesOf, removeField, sections } from "./model.js";

const SEED = { first: { zh: "基本情况", en: "Basics" }, next: { zh: "新的一段", en: "New section" } };
const titleOf = (schema) => titled({ zh: schema?.title, en: schema?.["x-i18n"]?.en?.title });

/** {element, draw()} for the desk. `say(words, undo?)` tells what happened. */
export function drawCards(desk, say) {
  const element = h("div", { class: "fq-qs" });
  const act = (picture, label, id, run) => h("button", { type: "button", id, class: "btn btn-quiet btn-sm fq-only", "aria-label": label, title: label, disabled: !desk.mayEdit, onclick: (event) => (event.stopPropagation(), run()) }, icon(picture));

  function draw() {
    const { schema, ui } = desk.form;
    if (!schema) return element.replaceChildren();
    const groups = sections(schema, ui);
    keepingFocus(element, () => element.replaceChildren(head(schema), ...groups.map((one) => section(schema, ui, one)), foot()));
    return undefined;
  }

  function head(schema) {
    const isChosen = desk.chosen.kind === "form";
    return h("button", { type: "button", id: "card-form", class: "fq-q is-head", "aria-pressed": String(isChosen), onclick: () => desk.choose({ kind: "form" }) }, h("b", {}, titleOf(schema) || desk.name), h("span", { class: "fq-sub" }, t("标题和说明")));
  }

  function section(schema, ui, { index, group, fields }) {
    const list = h("ol", { class: "fq-qlist" }, fields.map((name) => card(schema, ui, name)));
    return h("section", { class: "fq-qgroup", "aria-label": group ? titleOf(group) : t("没有分段的问题") }, group && groupHead(group, index, ui["ui:groups"].length), list);
  }

  function groupHead(group, index, count) {
    const title = titleOf(group) || t("（没有标题）");
    const isChosen = desk.chosen.kind === "group" && desk.chosen.index === index;
    const move = (by) => desk.choose({ kind: "group", index: desk.edit((schema, ui) => moveGroup(schema, ui, index, by)) });
    return h(
      "header",
      { class: "fq-qgroup-head" },
      h("button", { type: "button", id: `group-${index}`, class: "fq-link", "aria-pressed": String(isChosen), onclick: () => desk.choose({ kind: "group", index }) }, title),
      h("span", { class: "fq-acts" }, index > 0 && act("up", t("把“{title}”这一段上移", { title }), `gu-${index}`, () => move(-1)), index < count - 1 && act("down", t("把“{title}”这一段下移", { title }), `gd-${index}`, () => move(1)), act("x", t("去掉“{title}”这一段的标题", { title }), `gx-${index}`, () => desk.edit((schema, ui) => removeGroup(schema, ui, index)))),
    );
  }

  function card(schema, ui, name) {
    const property = schema.properties[name];
    const isChosen = desk.chosen.kind === "field" && desk.chosen.at === name;
    const words = titleOf(property) || name;
    const item = h(
      "li",
      { class: `fq-q${desk.problemsOf(name).length ? " is-bad" : ""}`, "data-name": name, draggable: desk.mayEdit, ondragstart: (event) => event.dataTransfer.setData("text/plain", name), ondragover: (event) => event.preventDefault(), ondrop: (event) => dropped(event, name), onkeydown: (event) => keys(event, name) },
      h("button", { type: "button", id: `card-${name}`, class: "fq-q-main", "aria-pressed": String(isChosen), onclick: () => desk.choose({ kind: "field", at: name }) }, h("span", { class: "fq-q-title" }, words, isRequired(schema, name) && h("span", { class: "fq-must" }, t("必填"))), h("span", { class: "fq-sub" }, told(property, ui, name))),
      h("span", { class: "fq-acts" }, act("up", t("上移“{title}”", { title: words }), `up-${name}`, () => move(name, -1)), act("down", t("下移“{title}”", { title: words }), `down-${name}`, () => move(name, 1)), act("plus", t("复制“{title}”", { title: words }), `copy-${name}`, () => copy(name)), act("x", t("删去“{title}”", { title: words }), `drop-${name}`, () => remove(name, words))),
    );
    if (widgetOf(property) === "rows") item.append(columns(property, name));
    return item;
  }

  function told(property, ui, name) {
    const kind = KINDS[widgetOf(property)];
    const bad = desk.problemsOf(name)[0]?.message;
    return [kind ? t(kind.words) : property["x-widget"], name, ui["ui:visible"]?.[name] && t("有时才问"), bad].filter(Boolean).join(" · ");
  }

  function columns(property, table) {
    const link = (name) => {
      const at = `${table}.${name}`;
      const isChosen = desk.chosen.kind === "field" && desk.chosen.at === at;
      return h("button", { type: "button", id: `card-${at}`, class: "fq-column", "aria-pressed": String(isChosen), onclick: () => desk.choose({ kind: "field", at }) }, titleOf(property.items.properties[name]) || name);
    };
    return h("div", { class: "fq-columns" }, h("span", { class: "fq-hint" }, t("列：")), namesOf(property.items ?? {}).map(link));
  }

  function dropped(event, other) {
    event.preventDefault();
    const name = event.dataTransfer.getData("text/plain");
    if (desk.names.includes(name)) desk.edit((schema, ui) => moveBefore(schema, ui, name, other));
  }

  function keys(event, name) {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    move(name, event.key === "ArrowUp" ? -1 : 1);
  }

  const move = (name, by) => desk.edit((schema, ui) => moveField(schema, ui, name, by));

  function copy(name) {
    const at = desk.edit((schema, ui) => duplicate(schema, ui, name));
    if (at) desk.choose({ kind: "field", at });
  }

  function remove(name, words) {
    desk.edit((schema, ui) => removeField(schema, ui, name));
    say(t("已删去“{title}”。", { title: words }), true);
  }

  function foot() {
    const after = () => (desk.chosen.kind === "field" ? desk.chosen.at.split(".")[0] : "");
    const split = () => desk.choose({ kind: "group", index: desk.edit((schema, ui) => addGroup(schema, ui, SEED, after())) });
    return h("div", { class: "fq-qfoot" }, button(t("加一个问题"), () => offerKinds(desk, after()), { picture: "plus", style: "btn-primary btn-sm", id: "add-field", disabled: !desk.mayEdit }), button(t("加一段"), split, { picture: "plus", style: "btn-quiet btn-sm", id: "add-group", disabled: !desk.mayEdit }));
  }

  return { element, draw };
}
