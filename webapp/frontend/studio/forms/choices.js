// The answers of a single or multiple choice: value, Chinese, English.
import { button, h, icon } from "../dom.js";
import { t } from "../words.js";
import { part } from "./inputs.js";
import { place } from "./model.js";
import { freeName } from "./names.js";
import { english, isObject, renamedKey } from "./text.js";

const holderOf = (property) => (property.type === "array" ? (property.items ??= { type: "string" }) : property);

/** Where labels stand: at the property, or at its items where somebody put them there. */
function labelled(property) {
  return isObject(property["x-labels"]) || !isObject(property.items?.["x-labels"]) ? property : property.items;
}

export function choicesPart(desk, at, property, widget) {
  if (!["choice", "checklist"].includes(widget)) return null;
  const values = holderOf(property).enum ?? [];
  const change = (act, what) => desk.edit((schema) => act(place(schema, at).property), what);
  const rows = values.map((value, index) => row(value, index, values, property, change));
  const add = () => {
    change((one) => addChoice(one));
    document.getElementById(`c-zh-${values.length}`)?.focus();
  };
  return part("choices", t("选项"), [
    h("p", { class: "fq-help" }, t("四项以内显示成按钮，再多显示成下拉框。值写进数据，定了以后最好不改。")),
    h("div", { class: "fq-choices" }, rows),
    button(t("加一个选项"), add, { picture: "plus", style: "btn-quiet btn-sm", id: "add-choice" }),
  ]);
}

function row(value, index, values, property, change) {
  const own = labelled(property);
  const number = index + 1;
  const input = (id, label, text, write, more = {}) => h("input", { id: `c-${id}-${index}`, class: "form-control", type: "text", "aria-label": label, title: label, placeholder: label, value: text, oninput: (event) => write(event.target.value), ...more });
  const icons = (picture, label, act, disabled = false) => h("button", { type: "button", id: `c-${picture}-${index}`, class: "btn btn-quiet btn-sm fq-only", "aria-label": label, title: label, disabled, onclick: act }, icon(picture));
  return h(
    "div",
    { class: "fq-choice" },
    input("zh", t("第 {n} 项的文字", { n: number }), own["x-labels"]?.[value] ?? "", (text) => change((one) => ((labelled(one)["x-labels"] ??= {})[value] = text), "text")),
    input("en", t("第 {n} 项的英文", { n: number }), own["x-i18n"]?.en?.labels?.[value] ?? "", (text) => change((one) => ((english(labelled(one)).labels ??= {})[value] = text), "text"), { lang: "en" }),
    input("value", t("第 {n} 项的值", { n: number }), String(value), () => {}, { class: "form-control fq-mono", spellcheck: false, onchange: (event) => change((one) => setValue(one, index, event.target.value)) }),
    h("span", { class: "fq-acts" }, icons("up", t("第 {n} 项上移", { n: number }), () => change((one) => swap(one, index, index - 1)), index === 0), icons("down", t("第 {n} 项下移", { n: number }), () => change((one) => swap(one, index, index + 1)), index === values.length - 1), icons("x", t("删去第 {n} 项", { n: number }), () => change((one) => drop(one, index)), values.length === 1)),
  );
}

function addChoice(property) {
  const holder = holderOf(property);
  const taken = (holder.enum ?? []).map(String);
  const value = holder.type === "integer" ? Math.max(0, ...(holder.enum ?? [])) + 1 : freeName("option", taken);
  (holder.enum ??= []).push(value);
  (labelled(property)["x-labels"] ??= {})[value] = "";
}

function drop(property, index) {
  const [gone] = holderOf(property).enum.splice(index, 1);
  const own = labelled(property);
  delete own["x-labels"]?.[gone];
  delete own["x-i18n"]?.en?.labels?.[gone];
}

function swap(property, index, other) {
  const list = holderOf(property).enum;
  [list[index], list[other]] = [list[other], list[index]];
}

function setValue(property, index, text) {
  const holder = holderOf(property);
  const old = holder.enum[index];
  const value = holder.type === "integer" ? Number.parseInt(text, 10) : text.trim();
  if (value === "" || Number.isNaN(value) || holder.enum.includes(value)) return;
  holder.enum[index] = value;
  const own = labelled(property);
  if (own["x-labels"]) own["x-labels"] = renamedKey(own["x-labels"], String(old), String(value));
  const told = own["x-i18n"]?.en;
  if (told?.labels) told.labels = renamedKey(told.labels, String(old), String(value));
}
