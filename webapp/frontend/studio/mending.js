// How a finding is mended: on the text of its diagram, so that no editor need be open.
import { nearest } from "./nearest.js";
import { makeDiagram } from "./diagram/newdiagram.js";
import { makeForm } from "./diagram/newform.js";
import { t } from "./words.js";

const BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core";

const MENDS = {
  "engine.form_missing": missingForm,
  "engine.role_unknown": otherRole,
  "engine.lane_unknown": otherRole,
  "engine.rule_unknown": otherRule,
  "engine.operation_unknown": otherOperation,
  "engine.decision_missing": otherDecision,
  "engine.call_missing": missingDiagram,
  "engine.loop_undeclared": undeclared,
  "engine.condition_ignored": idleCondition,
  "engine.standard_loop": idleLoop,
  "engine.no_shape": undrawn,
};

/** {words, act} or null. What is written by a press is made of the text as it is then. */
export function mend(studio, finding) {
  const found = look(studio, finding);
  return found && { words: found.words, act: found.act ?? (() => write(look(studio, finding))) };
}

function look(studio, finding) {
  const path = studio.copy.list("bpmn/").find((one) => one === finding.file || one.endsWith(`/${finding.file}`));
  const text = path && path.endsWith(".bpmn") && MENDS[finding.code] ? studio.copy.read(path) : null;
  if (!text) return null;
  const xml = new DOMParser().parseFromString(text, "application/xml");
  const node = xml.querySelector(`[id="${CSS.escape(finding.element ?? "")}"]`);
  if (!node) return null;
  const found = MENDS[finding.code]({ studio, path, xml, node });
  return found && { ...found, studio, path, xml };
}

function write(found) {
  if (!found) return;
  found.change();
  found.studio.copy.write(found.path, new XMLSerializer().serializeToString(found.xml));
}

const all = (node, name, namespace = BPMN) => [...node.getElementsByTagNameNS(namespace, name)];
const property = (node, name) => all(node, "property", SPIFF).find((one) => one.getAttribute("name") === name);

function missingForm({ studio, node }) {
  const file = property(node, "formJsonSchemaFilename")?.getAttribute("value") ?? "";
  if (!file.endsWith(".schema.json")) return null;
  const form = { name: file.replace(/\.schema\.json$/, ""), title: node.getAttribute("name") ?? "", title_en: property(node, "name_en")?.getAttribute("value") };
  return { words: t("新建表单"), act: () => makeForm(studio, form) };
}

/** The lane around a node, or what names the role there. */
function otherRole({ studio, xml, node }) {
  const roles = studio.told.vocabulary.roles.map(({ key }) => key);
  const lane = all(xml, "lane").find((one) => all(one, "flowNodeRef").some((ref) => ref.textContent.trim() === node.id));
  const own = property(node, "role") ?? (lane && property(lane, "performed_by"));
  const [holder, attribute] = own ? [own, "value"] : [lane, "name"];
  return holder ? replace(holder, attribute, roles) : null;
}

function replace(holder, attribute, known) {
  const better = nearest(holder.getAttribute(attribute) ?? "", known);
  return better ? { words: t("改成“{name}”", { name: better }), change: () => holder.setAttribute(attribute, better) } : null;
}

function otherRule({ studio, node }) {
  const date = all(node, "timeDate")[0];
  const rules = studio.told.vocabulary.rules.map(({ key }) => key);
  const wrong = [...(date?.textContent.matchAll(/deadline\(\s*"([^"]*)"/g) ?? [])].map((one) => one[1]).find((one) => !rules.includes(one));
  const better = wrong && nearest(wrong, rules);
  if (!better) return null;
  return { words: t("改成“{name}”", { name: better }), change: () => (date.textContent = date.textContent.replaceAll(`"${wrong}"`, `"${better}"`)) };
}

function otherOperation({ studio, node }) {
  const operator = all(node, "serviceTaskOperator", SPIFF)[0];
  const known = studio.told.vocabulary.operations.map(({ name }) => name);
  return operator ? replace(operator, "id", known) : null;
}

function otherDecision({ studio, node }) {
  const called = all(node, "calledDecisionId", SPIFF)[0];
  const known = studio.copy.list("bpmn/", ".dmn").flatMap((path) => [...studio.copy.read(path).matchAll(/<(?:\w+:)?decision\b[^>]*\bid="([^"]*)"/g)].map((one) => one[1]));
  const better = called && nearest(called.textContent.trim(), known);
  return better ? { words: t("改成“{name}”", { name: better }), change: () => (called.textContent = better) } : null;
}

function missingDiagram({ studio, xml, node }) {
  const process = node.getAttribute("calledElement") ?? "";
  if (!/^[a-z][a-z0-9_]*$/.test(process) || studio.copy.read(`bpmn/${studio.key}/${process}.bpmn`) !== null) return null;
  const lanes = all(xml, "lane").map((one) => one.getAttribute("name")).filter(Boolean).slice(0, 1);
  return { words: t("新建这张图"), act: () => makeDiagram(studio, { title: node.getAttribute("name") || process, lanes, process }) };
}

function undeclared({ xml, node }) {
  const process = all(xml, "process").find((one) => one.contains(node));
  const known = all(process, "property").map((one) => one.id);
  const wanted = ["loopDataInputRef", "loopDataOutputRef"].flatMap((name) => all(node, name).map((one) => one.textContent.trim())).filter((one) => one && !known.includes(one));
  if (!wanted.length) return null;
  const before = [...process.children].find((one) => !["documentation", "extensionElements", "auditing", "monitoring", "property"].includes(one.localName));
  const add = (name) => {
    const made = xml.createElementNS(BPMN, process.prefix ? `${process.prefix}:property` : "property");
    made.setAttribute("id", name);
    made.setAttribute("name", name);
    process.insertBefore(made, before ?? null);
  };
  return { words: t("补上声明"), change: () => wanted.forEach(add) };
}

function idleCondition({ node }) {
  const [condition] = all(node, "conditionExpression");
  return condition ? { words: t("去掉条件"), change: () => condition.remove() } : null;
}

function idleLoop({ node }) {
  const [loop] = all(node, "standardLoopCharacteristics");
  return loop ? { words: t("去掉循环标记"), change: () => loop.remove() } : null;
}

function undrawn({ studio, path }) {
  const act = async () => {
    try {
      const { content } = await studio.server.post("tidy", { content: studio.copy.read(path) });
      studio.copy.write(path, content);
    } catch (problem) {
      studio.saving.say({ style: "is-failed", words: problem.message, picture: "over" });
    }
  };
  return { words: t("整理布局"), act };
}
