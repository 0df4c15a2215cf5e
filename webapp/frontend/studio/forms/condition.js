// When a question is asked: always, or as other answers want it.
import { h } from "../dom.js";
import { feelField } from "../feel/field.js";
import { t, titled } from "../words.js";
import { part, radios, selectInput } from "./inputs.js";
import { widgetOf } from "./kinds.js";
import { ordered, setCondition } from "./model.js";

const FEEL = { number: "number", money: "number", date: "date", datetime: "date and time", boolean: "boolean", checklist: "list", rows: "list", parties: "list", location: "context" };
const SIMPLE = /^\s*([a-z]\w*)\s*(!?=)\s*("[^"\\]*"|true|false)\s*$/;

export function conditionPart(desk, at, ui) {
  const text = ui["ui:visible"]?.[at] ?? "";
  const { schema } = desk.form;
  const askable = questions(schema, ui, at);
  const first = askable[0] ? `${askable[0].name} = ${askable[0].answers[0][0]}` : "today != null";
  const write = (condition, what = "shape") => desk.edit((_schema, layout) => setCondition(layout, at, condition), what);
  const isAlways = !text;
  const made = [radios("p-when", t("什么时候问"), isAlways ? "always" : "when", [["always", t("总是问")], ["when", t("看别的答案")]], (to) => write(to === "always" ? "" : first))];
  if (!isAlways) made.push(...(askable.length ? simple(text, askable, write) : []), free(desk, at, text, write));
  return part("when", t("什么时候问"), made, !isAlways);
}

/** Questions with fixed answers, which conditions mostly look at. */
function questions(schema, ui, at) {
  const named = (property, name) => titled({ zh: property.title, en: property["x-i18n"]?.en?.title }) || name;
  const [table, column] = at.split(".");
  const beside = column ? Object.entries(schema.properties[table].items.properties) : [];
  const asked = [...beside.filter(([name]) => name !== column), ...ordered(schema, ui).filter((name) => name !== at).map((name) => [name, schema.properties[name]])];
  return asked.map(([name, one]) => ({ name, title: named(one, name), answers: answersOf(one) })).filter((one) => one.answers.length);
}

function answersOf(property) {
  const widget = widgetOf(property);
  if (widget === "boolean") return [["true", t("是")], ["false", t("否")]];
  if (widget !== "choice" || property.type === "integer") return [];
  const labels = property["x-labels"] ?? {};
  const english = property["x-i18n"]?.en?.labels ?? {};
  return (property.enum ?? []).map((value) => [JSON.stringify(value), titled({ zh: labels[value], en: english[value] }) || value]);
}

function simple(text, askable, write) {
  const [, name, sign, value] = SIMPLE.exec(text) ?? [];
  const known = askable.find((one) => one.name === name);
  const other = [["", t("（自己写的条件）")]];
  const pick = (to) => {
    const one = askable.find((found) => found.name === to);
    if (one) write(`${one.name} = ${one.answers[0][0]}`);
  };
  const question = selectInput("p-when-name", t("哪个问题"), known ? name : "", [...(known ? [] : other), ...askable.map((one) => [one.name, one.title])], pick);
  if (!known) return [question];
  const sides = [["=", t("是")], ["!=", t("不是")]];
  return [question, h("div", { class: "fq-two" }, selectInput("p-when-sign", t("答案"), sign, sides, (to) => write(`${name} ${to} ${value}`)), selectInput("p-when-value", t("哪一个"), value, known.answers, (to) => write(`${name} ${sign} ${to}`)))];
}

function free(desk, at, text, write) {
  const field = feelField(inForm(desk, at), { value: text, write: (to) => write(to, "text"), label: t("条件的写法"), kind: "expression", readOnly: !desk.mayEdit });
  return h("div", { class: "fq-field" }, h("p", { class: "fq-label" }, t("条件的写法")), h("p", { class: "fq-help" }, t("可以用本表的名称，以及 case、parties、unit、today")), field.element);
}

/** The studio with the names a condition of this form may read. */
function inForm(desk, at) {
  const { studio } = desk;
  return Object.create(studio, {
    checks: {
      get: () => {
        const all = desk.form.schema?.properties ?? {};
        const row = at.includes(".") ? all[at.split(".")[0]]?.items?.properties : {};
        const properties = { ...all, ...row };
        const own = Object.entries(properties).map(([name, one]) => [name, FEEL[widgetOf(one)] ?? "string"]);
        return { ...studio.checks, names: Object.fromEntries(own) };
      },
    },
  });
}
