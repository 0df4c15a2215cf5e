// The kinds of questions a form may ask, in the words of an office, and what each is in the schema.
import { english } from "../words/en.js";

const text = (widget, more = {}) => () => ({ type: "string", "x-widget": widget, ...more });
const FILES = ["application/pdf", "image/jpeg", "image/png"];
const answers = () => ({ values: ["yes", "no"], labels: { yes: "是", no: "否" } });

/**
 * By widget: `words` what it is called, `help` when to take it, `name` proposed id, `make()` the schema,
 * `limits` which keywords the panel offers.
 */
export const KINDS = {
  text: { words: "文字", help: "一行字：名称、地点、编号", name: "text", make: text("text"), limits: ["minLength", "maxLength", "pattern"] },
  longtext: { words: "长文字", help: "几行到几页：经过、理由", name: "account", make: text("longtext"), limits: ["minLength", "maxLength"] },
  number: { words: "数字", help: "人数、天数、面积", name: "count", make: () => ({ type: "number", "x-widget": "number" }), limits: ["integer", "minimum", "maximum"] },
  money: { words: "金额", help: "写 18,600 或 1.2万都认得", name: "amount", make: text("money"), limits: ["minimum", "maximum"] },
  date: { words: "日期", help: "2026年10月9日、10.9 都认得", name: "day", make: text("date", { format: "date" }), limits: ["x-earliest", "x-latest", "today"] },
  datetime: { words: "日期和时间", help: "开会、送达的钟点", name: "moment", make: text("datetime", { format: "date-time" }), limits: [] },
  choice: { words: "单选", help: "几样里选一样", name: "choice", make: makeChoice, limits: [] },
  checklist: { words: "多选", help: "几样里可以选几样", name: "checks", make: makeChecklist, limits: ["minItems", "maxItems"] },
  boolean: { words: "是/否", help: "打钩，或者答是、否", name: "agreed", make: () => ({ type: "boolean", "x-widget": "boolean" }), limits: ["const"] },
  parties: { words: "当事人", help: "本案的当事人名单，每件案子一份", name: "parties", make: () => ({ type: "array", "x-widget": "parties", "x-store": "party", minItems: 2 }), limits: ["minItems", "maxItems"] },
  rows: { words: "表格", help: "可以加行：条款、付款明细", name: "items", make: makeRows, limits: ["minItems", "maxItems"] },
  id_number: { words: "身份证号", help: "会核对校验位", name: "id_number", make: text("id_number"), limits: [] },
  credit_code: { words: "信用代码", help: "单位的统一社会信用代码", name: "credit_code", make: text("credit_code"), limits: [] },
  phone: { words: "电话", help: "手机或座机", name: "phone", make: text("phone"), limits: [] },
  person: { words: "人员", help: "从同事里选：调解员、记录人", name: "person", make: text("person"), limits: [] },
  unit: { words: "单位", help: "从单位里选", name: "unit_code", make: text("unit"), limits: [] },
  file: { words: "文件", help: "拍照或上传扫描件", name: "scan", make: () => ({ type: "array", items: { type: "string" }, maxItems: 10, "x-widget": "file", accept: [...FILES] }), limits: ["several", "maxItems", "accept", "x-scan-of"] },
  signature: { words: "签名", help: "在屏幕上签字", name: "signature", make: text("signature"), limits: ["x-signs"] },
  location: { words: "地点", help: "写地名，也可以在现场定位", name: "place", make: () => ({ type: "object", "x-widget": "location" }), limits: [] },
};

/** Kinds a column of a table may be. */
export const COLUMNS = Object.keys(KINDS).filter((one) => !["rows", "parties", "location", "signature"].includes(one));
/** Short enough to stand beside another question. */
export const SHORT = ["text", "number", "money", "date", "choice", "person", "unit", "id_number", "credit_code", "phone"];

function makeChoice() {
  const { values, labels } = answers();
  return { type: "string", enum: values, "x-labels": labels, "x-i18n": { en: { labels: { yes: "Yes", no: "No" } } }, "x-widget": "choice" };
}

function makeChecklist() {
  const { values, labels } = answers();
  return { type: "array", items: { type: "string", enum: values }, uniqueItems: true, "x-labels": labels, "x-i18n": { en: { labels: { yes: "Yes", no: "No" } } }, "x-widget": "checklist" };
}

function makeRows() {
  const column = { type: "string", title: "内容", "x-i18n": { en: { title: english.内容 } }, "x-widget": "text" };
  return { type: "array", "x-widget": "rows", items: { type: "object", properties: { content: column }, required: ["content"] } };
}

/** A new question of a kind, with its kind's name as title in both languages. */
export function makeField(widget) {
  const { words, make } = KINDS[widget];
  const made = make();
  const { type, ...rest } = made;
  const told = { ...rest["x-i18n"], en: { title: english[words], ...rest["x-i18n"]?.en } };
  return { type, title: words, ...rest, "x-i18n": told };
}

const BY_FORMAT = { date: "date", "date-time": "datetime", money: "money", id_number: "id_number", phone: "phone" };

/** The kind of a property, as the server takes it: `x-widget`, else from format, enum and type. */
export function widgetOf(property) {
  if (property["x-widget"]) return property["x-widget"];
  if (BY_FORMAT[property.format]) return BY_FORMAT[property.format];
  if (property.enum) return "choice";
  if (property.type === "array") return property.items?.enum ? "checklist" : "rows";
  return { boolean: "boolean", number: "number", integer: "number" }[property.type] ?? "text";
}

/** The property as another kind: what was said of it stays, choices go over between their two kinds. */
export function asKind(property, widget) {
  const fresh = KINDS[widget].make();
  const kept = {};
  for (const key of ["title", "description", "x-store"]) if (key in property) kept[key] = property[key];
  if (kept["x-store"] === "party" || widget === "parties") delete kept["x-store"];
  const labelled = ["choice", "checklist"];
  const told = structuredClone(property["x-i18n"] ?? {});
  if (labelled.includes(widget) && labelled.includes(widgetOf(property))) {
    const values = property.enum ?? property.items?.enum ?? [];
    if (widget === "choice") fresh.enum = values;
    else fresh.items.enum = values;
    fresh["x-labels"] = property["x-labels"] ?? property.items?.["x-labels"] ?? {};
    if (told.en?.labels) delete fresh["x-i18n"];
  } else if (told.en) delete told.en.labels;
  const { type, "x-i18n": made, ...rest } = fresh;
  return { type, ...kept, ...rest, "x-i18n": { ...told, en: { ...told.en, ...made?.en } } };
}
