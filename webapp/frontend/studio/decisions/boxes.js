// A decision put together of boxes (a context, a list, a call…), which the table editor cannot draw:
// boxes in boxes as the file has them, each expression to be written in place. Boxes are added in the source.
import { h } from "../dom.js";
import { feelField } from "../feel/field.js";
import { t } from "../words.js";

const KINDS = {
  context: "一步一步算",
  list: "清单",
  relation: "表",
  functionDefinition: "算法",
  invocation: "调用算法",
  conditional: "如果、那么、否则",
  filter: "筛选",
  for: "逐个算",
  some: "有一个符合",
  every: "个个符合",
};
const ROLES = { if: "如果", then: "那么", else: "否则", in: "从哪里", match: "留下符合的", return: "每个算出", satisfies: "要符合" };
const LOGIC = new Set(["literalExpression", "decisionTable", ...Object.keys(KINDS)]);

const inside = (node, ...names) => [...(node?.children ?? [])].filter((one) => names.includes(one.localName));
const logicOf = (node) => [...(node?.children ?? [])].find((one) => LOGIC.has(one.localName));
const read = (xml) => new DOMParser().parseFromString(xml ?? "", "application/xml");

/** [what it is called, box] of everything in a box. */
function partsOf(node) {
  const parts = {
    context: () => inside(node, "contextEntry").map((one) => [inside(one, "variable")[0]?.getAttribute("name") ?? t("得数"), logicOf(one)]),
    list: () => [...node.children].filter((one) => LOGIC.has(one.localName)).map((one, at) => [t("第 {n} 项", { n: at + 1 }), one]),
    relation: () => rowsOf(node),
    functionDefinition: () => [[`(${inside(node, "formalParameter").map((one) => one.getAttribute("name")).join(", ")})`, logicOf(node)]],
    invocation: () => [[t("调用"), logicOf(node)], ...inside(node, "binding").map((one) => [inside(one, "parameter")[0]?.getAttribute("name") ?? "", logicOf(one)])],
  }[node.localName];
  const found = parts ? parts() : inside(node, ...Object.keys(ROLES)).map((one) => [roleOf(node, one), logicOf(one)]);
  return found.filter(([, part]) => part);
}

function roleOf(node, part) {
  const each = part.localName === "in" && node.getAttribute("iteratorVariable");
  return each ? t("{name} 取自", { name: each }) : t(ROLES[part.localName]);
}

function rowsOf(node) {
  const names = inside(node, "column").map((one) => one.getAttribute("name") ?? "");
  return inside(node, "row").flatMap((row, at) => [...row.children].map((one, column) => [t("第 {n} 行，{name}", { n: at + 1, name: names[column] ?? "" }), one]));
}

const expressionsOf = (xml) => [...xml.getElementsByTagNameNS("*", "literalExpression")];
const textOf = (node) => inside(node, "text")[0];

/** Returns {show(path, decision), mark(findings of the file)}. */
export function showBoxes(studio, place) {
  const me = {};
  let path = "";
  let fields = new Map();

  function show(file, decision) {
    path = file;
    fields = new Map();
    const xml = read(studio.copy.read(file));
    const all = expressionsOf(xml);
    const logic = logicOf(xml.querySelector(`[id="${CSS.escape(decision)}"]`));
    const told = logic ? t("这个决策由几个式子拼成。式子在这里改，增减格子在源码里改。") : t("这个决策还没有内容，请在源码里写。");
    place.replaceChildren(h("p", { class: "fq-hint" }, told), logic ? box(logic, all) : "");
  }

  function box(node, all) {
    if (node.localName === "literalExpression") return field(node, all.indexOf(node));
    if (!KINDS[node.localName]) return h("p", { class: "fq-hint" }, t("这一格是表格，请在源码里改。"));
    return h("table", { class: "fq-boxes" }, h("caption", {}, t(KINDS[node.localName])), h("tbody", {}, partsOf(node).map(([name, part]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, box(part, all))))));
  }

  function field(node, at) {
    const label = node.closest("[id]")?.getAttribute("id") ?? t("表达式");
    const made = feelField(studio, { value: textOf(node)?.textContent.trim() ?? "", label, kind: "marked", readOnly: !studio.told.may_edit, write: (text) => write(at, text) });
    if (!fields.has(label)) fields.set(label, made);
    return made.element;
  }

  function write(at, text) {
    const xml = read(studio.copy.read(path));
    const node = expressionsOf(xml)[at];
    const said = textOf(node) ?? node.appendChild(xml.createElementNS(node.namespaceURI, "text"));
    said.textContent = text;
    studio.copy.write(path, new XMLSerializer().serializeToString(xml), me);
  }

  return {
    show,
    is: (by) => by === me,
    mark(findings) {
      for (const [id, made] of fields) made.say(findings.filter((one) => one.element === id).map((one) => ({ line: one.place?.line, column: one.place?.column, message: one.message })), []);
    },
  };
}
