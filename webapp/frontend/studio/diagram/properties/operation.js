// 平台操作: what a service task asks the platform for, with its parameters.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { t } from "../../words.js";
import { operatorOf } from "../model.js";
import { choice, feel, text } from "./fields.js";
import { documents, handoffs } from "./offers.js";

const NAMES = {
  "number.issue": "编一个号",
  "case.seal": "限制查阅",
  "clock.extend": "延长期限",
  "document.create": "生成文书",
  "document.seal": "加盖防篡改印",
  "handoff.send": "转给别的程序",
  "handoff.answer": "回复转来的单位",
  "handoff.withdraw": "收回转出的事",
  "notify.send": "发通知",
  "http.call": "问外部系统",
};
const PARAMETERS = {
  series: "哪一种号",
  rule: "哪一条期限规则",
  days: "延长几天",
  kind: "哪一种",
  to: "给谁",
  to_name: "收件单位的名称",
  outcome: "办理结果",
  reason: "理由",
  data: "带去的数据",
  documents: "带去的文书",
  letter: "回函用哪一种文书",
  handoff: "哪一次转出",
  template: "用哪个通知模板",
  connection: "哪个连接",
  path: "地址",
  body: "发什么",
};
const LITERAL = /^\s*\x22([^\x22]*)\x22\s*$/;

export const operation = {
  key: "operation",
  title: "平台操作",
  guide: "这一步由平台自动做，不用人办。",
  help: "选要做什么，再填它要知道的事。每一格写一个表达式：固定的文字用英文双引号括起来，办理中填过的就写名称。",
  codes: ["engine.operation_unknown", "engine.operation_absent", "engine.parameter_missing", "engine.parameter_unknown", "engine.document_unknown"],
  fits: (p) => is(p.bo, "bpmn:ServiceTask"),
  draw(p) {
    const operator = operatorOf(p.bo);
    const signature = p.studio.told.vocabulary.operations.find((one) => one.name === operator?.id);
    const options = p.studio.told.vocabulary.operations.map(({ name }) => [name, NAMES[name] ? t(NAMES[name]) : name]);
    return [
      choice(p, { key: "operation", label: t("做什么"), value: operator?.id ?? "", options, empty: t("请选择"), write: (name) => put(p, name, valuesOf(operator), operator?.resultVariable) }),
      ...(signature ? Object.entries(signature.parameters).map(([name, type]) => parameter(p, signature, name, type)) : []),
      signature && text(p, { key: "result", label: t("结果记在哪个名称里"), mono: true, value: operator.resultVariable ?? "", write: (name) => put(p, operator.id, valuesOf(operatorOf(p.bo)), name), hint: t("后面要用结果时才填。在“设置”里把这个名称列进办理数据。") }),
    ];
  },
};

const valuesOf = (operator) => Object.fromEntries((operator?.parameterList?.parameters ?? []).map(({ id, value }) => [id, value]));

function parameter(p, signature, name, type) {
  const write = (value) => put(p, signature.name, { ...valuesOf(operatorOf(p.bo)), [name]: value }, operatorOf(p.bo).resultVariable);
  const isMust = signature.required.includes(name);
  const words = PARAMETERS[name] ? t(PARAMETERS[name]) : name;
  const label = isMust ? words : t("{what}（可不填）", { what: words });
  const value = valuesOf(operatorOf(p.bo))[name] ?? "";
  const offered = offers(p, signature.name, name);
  const literal = LITERAL.exec(value)?.[1];
  if (offered && (literal !== undefined || !value)) {
    return choice(p, { key: `parameter-${name}`, label, value: literal ?? "", options: offered, empty: t("请选择"), write: (one) => write(one ? `"${one}"` : "") });
  }
  return feel(p, { key: `parameter-${name}`, label, value, write, expects: type === "any" ? "" : type });
}

/** What a parameter's fixed text may be; null where anything may stand. */
function offers(p, name, parameter) {
  if (name.startsWith("document.") || parameter === "letter") return documents(p.studio).map(({ kind, title }) => [kind, title]);
  if (name === "handoff.send" && parameter === "kind") return handoffs(p.studio).map(({ kind, title }) => [kind, title]);
  if (parameter === "rule") return p.studio.told.vocabulary.rules.map(({ key, title }) => [key, title]);
  return null;
}

/** The operator anew: only parameters the operation knows, only those with a text. */
function put(p, name, values, result) {
  const signature = p.studio.told.vocabulary.operations.find((one) => one.name === name);
  const type = "spiffworkflow:ServiceTaskOperator";
  if (!name) return p.model.extend(p.element, p.bo, type, null);
  const operator = p.model.make(type, { id: name, resultVariable: result || undefined }, null);
  const given = Object.entries(values).filter(([key, value]) => value && (!signature || key in signature.parameters));
  const list = p.model.make("spiffworkflow:Parameters", {}, operator);
  list.parameters = given.map(([id, value]) => p.model.make("spiffworkflow:Parameter", { id, type: "any", value }, list));
  operator.parameterList = list;
  return p.model.extend(p.element, p.bo, type, operator);
}
