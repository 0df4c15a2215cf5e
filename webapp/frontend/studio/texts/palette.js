// What can be put into a text: facts of the case, parties, answers of forms, blocks of the page.
import { h } from "../dom.js";
import { widgetOf } from "../forms/kinds.js";
import { readJson } from "../forms/text.js";
import { t, titled } from "../words.js";
import snippets from "./snippets.json";

const line = (...lines) => `${lines.join("\n")}\n`;

/** [group, [[words, name of a snippet]]]; the words are spoken by `t`, the snippets go in as they are. */
const FIXED = [
  ["案件", [["文书编号", "number"], ["受理号", "case_number"], ["受理日期", "opened_on"], ["单位名称", "unit"], ["文书日期", "created_on"], ["今天", "today"]]],
  ["当事人", [["全部姓名", "names"], ["申请人姓名", "applicants"], ["被申请人姓名", "respondents"], ["逐个写当事人", "each_party"], ["姓名（逐个写里）", "name"], ["地位（逐个写里）", "side"], ["证件号（逐个写里）", "id_number"], ["住址（逐个写里）", "address"], ["电话（逐个写里）", "phone"]]],
  ["段落和表格", [["大标题", "heading"], ["小标题", "subheading"], ["一段话", "paragraph"], ["有才印", "if_there"], ["两样印一样", "either"], ["格线表格", "grid"], ["签名处", "signatures"], ["盖章处", "seal"]]],
];
const fixed = () => FIXED.map(([title, ones]) => [t(title), ones.map(([words, key]) => [t(words), snippets[key]])]);

/** How an answer is printed, by its widget. */
const PRINTED = {
  date: (name) => `{{ long date(${name}) }}`,
  money: (name) => `{{ money(${name}) }}`,
  longtext: (name) => line(`{% for line in lines(${name}) %}`, "<p>{{ line }}</p>", "{% end %}"),
};
const CODED = ["choice", "checklist", "boolean", "person", "unit"];
const UNPRINTED = ["file", "signature", "parties", "location"];

/** The names of everything a form of the package asks for: [form title, [[title, text, name]]]. */
function answers(studio) {
  return studio.copy
    .list(`forms/${studio.key}/`, ".schema.json")
    .map((path) => readJson(studio.copy.read(path)).value)
    .filter((schema) => schema?.properties)
    .map((schema) => [spoken(schema), Object.entries(schema.properties).filter(([, one]) => !UNPRINTED.includes(widgetOf(one))).map(([name, one]) => [spoken(one) || name, printed(name, one), rooted(name, one)])]);
}

const spoken = (schema) => titled({ zh: schema.title, en: schema["x-i18n"]?.en?.title });
const rooted = (name, property) => ((property["x-store"] ?? "process") === "process" ? `data.${name}` : `case.${name}`);

function printed(name, property) {
  const path = rooted(name, property);
  const widget = widgetOf(property);
  if (widget === "rows") return rows(path, property);
  if (CODED.includes(widget)) return `{{ ${path}_text }}`;
  return (PRINTED[widget] ?? ((one) => `{{ ${one} }}`))(path);
}

function rows(path, property) {
  const columns = Object.entries(property.items?.properties ?? {});
  const cells = columns.map(([name, one]) => `<td>${cell(`r.${name}`, widgetOf(one))}</td>`);
  const heads = columns.map(([name, one]) => `<th>${one.title ?? name}</th>`);
  return line('<table class="grid">', `<thead><tr>${heads.join("")}</tr></thead>`, "<tbody>", `{% for r in ${path} %}`, `<tr>${cells.join("")}</tr>`, "{% end %}", "</tbody>", "</table>");
}

const cell = (name, widget) => (CODED.includes(widget) ? `{{ ${name}_text }}` : widget === "longtext" ? `{{ ${name} }}` : (PRINTED[widget] ?? ((one) => `{{ ${one} }}`))(name));

/** Every name a text may say, for completion: [name, words]. */
export function namesOf(studio) {
  const plain = fixed().flatMap(([, ones]) => ones).map(([words, text]) => [/^\{\{ ([\w.]+) \}\}$/.exec(text)?.[1], words]).filter(([name]) => name);
  return [...plain, ...answers(studio).flatMap(([, ones]) => ones.map(([words, text, name]) => [text.includes(`${name}_text`) ? `${name}_text` : name, words]))];
}

/** {element, draw()}; `insert(text)` puts one in. */
export function drawPalette(studio, insert) {
  const list = h("div", { class: "fq-palette-list" });
  const search = h("input", { type: "search", id: "palette-search", class: "form-control", placeholder: t("找名称，例如 金额"), "aria-label": t("找可以插入的内容"), oninput: draw });
  const element = h("section", { class: "fq-palette", "aria-label": t("插入") }, h("h2", {}, t("插入")), h("div", { class: "fq-palette-search" }, search), list);

  function group(title, ones, isOpen) {
    const press = ([words, text]) => h("button", { type: "button", class: "fq-insert", title: text, disabled: !studio.told.may_edit, onclick: () => insert(text) }, words);
    return h("details", { open: isOpen }, h("summary", {}, title), ones.map(press));
  }

  function draw() {
    const wanted = search.value.trim();
    const fits = ([words, text]) => !wanted || words.includes(wanted) || text.includes(wanted);
    const all = [...fixed(), ...answers(studio)];
    const shown = all.map(([title, ones]) => [title, ones.filter(fits)]).filter(([, ones]) => ones.length);
    list.replaceChildren(...shown.map(([title, ones], index) => group(title, ones, Boolean(wanted) || index === 0)));
  }
  return { element, draw };
}
