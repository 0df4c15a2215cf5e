// The chosen question, section or form at the right.
import { button, h } from "../dom.js";
import { t, titled } from "../words.js";
import { choicesPart } from "./choices.js";
import { conditionPart } from "./condition.js";
import { keepingFocus, part, selectInput, textInput, tick } from "./inputs.js";
import { COLUMNS, KINDS, SHORT, asKind, widgetOf } from "./kinds.js";
import { limitsPart } from "./limits.js";
import { isPaired, isRequired, place, removeField, setPaired, setRequired } from "./model.js";
import { namePart } from "./naming.js";
import { partiesPart } from "./parties.js";
import { columnsPart } from "./columns.js";
import { storePart } from "./storing.js";
import { setText, textOf } from "./text.js";

/** {element, draw()} for the desk. */
export function drawPanel(desk, say) {
  const inside = h("fieldset", { class: "fq-panelset" }, h("legend", { class: "visually-hidden" }, t("选中的问题")));
  const element = h("section", { class: "fq-studio-right fq-formside", "aria-label": t("选中的问题") }, inside);

  let before = "";

  function draw() {
    const { schema, ui } = desk.form;
    inside.disabled = !desk.mayEdit;
    if (!schema) return inside.replaceChildren(inside.firstChild);
    const { kind, at, index } = desk.chosen;
    const made = kind === "field" ? field(desk, schema, ui, at, say) : kind === "group" ? group(desk, ui, index) : whole(desk, schema);
    keepingFocus(element, () => inside.replaceChildren(inside.firstChild, ...made.filter(Boolean)));
    const now = [desk.name, kind, at, index].join(" ");
    if (now !== before) element.scrollTop = 0;
    before = now;
    return undefined;
  }
  return { element, draw };
}

const heading = (words, sub) => h("header", { class: "fq-formside-head" }, h("h2", {}, words), h("p", { class: "fq-sub" }, sub));

/** Title and help in both languages of what `find(schema, ui)` gives. */
function texts(desk, read, find, withHelp = true) {
  const write = (key, language) => (text) => desk.edit((schema, ui) => setText(find(schema, ui), key, language, text), "text");
  return [
    textInput("p-title", t("标题"), textOf(read, "title", "zh"), write("title", "zh"), { maxLength: 120 }),
    withHelp && textInput("p-help", t("填写说明"), textOf(read, "description", "zh"), write("description", "zh"), { lines: 2, hint: t("写在标题下面，一两句，可以不写"), maxLength: 500 }),
    textInput("p-title-en", t("英文标题"), textOf(read, "title", "en"), write("title", "en"), { maxLength: 200, lang: "en" }),
    withHelp && textInput("p-help-en", t("英文说明"), textOf(read, "description", "en"), write("description", "en"), { lines: 2, maxLength: 800, lang: "en" }),
  ].filter(Boolean);
}

function whole(desk, schema) {
  return [heading(t("整份表单"), `${desk.name}.schema.json`), h("div", { class: "fq-part-body" }, texts(desk, schema, (one) => one))];
}

function group(desk, ui, index) {
  return [heading(t("一段"), t("把相关的问题放在一个标题下")), h("div", { class: "fq-part-body" }, texts(desk, ui["ui:groups"][index], (_schema, one) => one["ui:groups"][index], false))];
}

function field(desk, schema, ui, at, say) {
  const { owner, name, table, property } = place(schema, at);
  const widget = widgetOf(property);
  const known = KINDS[widget];
  return [
    heading(titled({ zh: textOf(property, "title", "zh"), en: textOf(property, "title", "en") }) || name, [known ? t(known.words) : widget, at].join(" · ")),
    table && h("div", { class: "fq-part-body" }, button(t("回到表格"), () => desk.choose({ kind: "field", at: table }), { picture: "left", style: "btn-quiet btn-sm" })),
    part("say", t("怎么问"), [texts(desk, property, (one) => place(one, at).property), requiredTick(desk, at, isRequired(owner, name), property), !table && SHORT.includes(widget) && pairTick(desk, ui, name)]),
    choicesPart(desk, at, property, widget),
    widget === "rows" && columnsPart(desk, at, property),
    widget === "parties" && partiesPart(desk, at, property),
    limitsPart(desk, at, property, widget),
    conditionPart(desk, at, ui),
    !table && widget !== "parties" && storePart(desk, at, property),
    part("name", t("名称和种类"), [namePart(desk, at, say), kindSelect(desk, at, widget, table)], false),
    table && h("div", { class: "fq-part-body" }, button(t("删去这一列"), () => (desk.edit((one, layout) => removeField(one, layout, at)), say(t("已删去一列。"), true)), { style: "btn-quiet btn-sm", picture: "x" })),
  ];
}

function requiredTick(desk, at, required, property) {
  const hint = property.const === true ? t("不打钩就不能提交") : t("不填就不能提交。条件不符合、没有问到的，不算。");
  return tick("p-required", t("必须填"), Boolean(required), (on) => desk.edit((schema) => setRequired(schema, at, on)), hint);
}

function pairTick(desk, ui, name) {
  return tick("p-pair", t("与下一个问题并排"), isPaired(ui, name), (on) => desk.edit((schema, layout) => setPaired(schema, layout, name, on)), t("宽的屏幕上一行两个；手机上还是一行一个"));
}

function kindSelect(desk, at, widget, table) {
  const kinds = table ? COLUMNS : Object.keys(KINDS).filter((one) => !["parties", "rows"].includes(one) || one === widget);
  const fixed = ["parties", "rows"].includes(widget) || !KINDS[widget];
  if (fixed) return null;
  const change = (to) =>
    desk.edit((schema) => {
      const { owner, name, property } = place(schema, at);
      owner.properties[name] = asKind(property, to);
    });
  return selectInput("p-kind", t("种类"), widget, kinds.map((one) => [one, t(KINDS[one].words)]), change, t("改了种类，限制会回到新种类的样子"));
}
