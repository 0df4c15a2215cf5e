// What package.toml says in rows: starts, stages, endings, documents, laws. One description for all.
import { t } from "../words.js";

const FORM = ".schema.json";

/** Names of the forms of the package. */
export const forms = (studio) => studio.copy.list(`forms/${studio.key}/`, FORM).map((path) => path.split("/").at(-1).slice(0, -FORM.length));

const templates = (studio) => studio.copy.list(`forms/${studio.key}/documents/`, ".html").map((path) => path.split("/").at(-1).slice(0, -5));

/** Diagrams: [[id, name]]. */
export function diagrams(studio) {
  const found = studio.copy.list("bpmn/", ".bpmn").flatMap((path) => [...studio.copy.read(path).matchAll(/<(?:\w+:)?process\b[^>]*>/g)].map(([tag]) => [/\bid="([^"]*)"/.exec(tag)?.[1] ?? "", /\bname="([^"]*)"/.exec(tag)?.[1] ?? ""]));
  return found.filter(([id]) => id);
}

/** Ends of the main diagram: [[id, name]]. */
export function ends(studio) {
  const main = studio.copy.read(`bpmn/${studio.key}/${studio.key}.bpmn`) ?? "";
  const drawn = new DOMParser().parseFromString(main, "application/xml");
  return [...drawn.getElementsByTagNameNS("*", "endEvent")].filter((one) => one.parentElement.localName === "process").map((one) => [one.getAttribute("id"), one.getAttribute("name") ?? ""]);
}

/** `kind`: name in the file; `keyed`: rows have a name of their own, as [documents.agreement]. Columns:
    {key, words, kind: text | id | title | choice | several | yes, options(studio)}. `fresh`: a new row. */
export const parts = () => [
  {
    kind: "start",
    title: t("案件怎么开始"),
    guide: t("一行是一种登记方式。名称写进数据 entry，流程图里的条件可以读它。"),
    add: t("加一种登记方式"),
    columns: [
      { key: "name", words: t("名称"), kind: "id" },
      { key: "title", words: t("标题"), kind: "title" },
      { key: "form", words: t("用哪张表单"), kind: "choice", options: (studio) => forms(studio).map((one) => [one, one]) },
    ],
    fresh: (studio, key) => ({ name: key, title: { zh: t("新的登记方式"), en: "New start" }, form: forms(studio)[0] ?? "" }),
  },
  {
    kind: "stage",
    title: t("案件的阶段"),
    guide: t("案件页上方的珠串，最多八个。案件走在哪张图里，就亮哪一个。"),
    add: t("加一个阶段"),
    columns: [
      { key: "key", words: t("标识"), kind: "id" },
      { key: "title", words: t("标题"), kind: "title" },
      { key: "processes", words: t("包含哪些图"), kind: "several", options: (studio) => diagrams(studio).map(([id, name]) => [id, name || id]) },
    ],
    fresh: (_studio, key) => ({ key, title: { zh: t("新阶段"), en: "New stage" }, processes: [] }),
  },
  {
    kind: "outcomes",
    keyed: { words: t("结束节点"), options: (studio) => ends(studio).map(([id, name]) => [id, name ? t("{name}（{id}）", { name, id }) : id]) },
    title: t("各种办理结果"),
    guide: t("主图的每个结束节点在台账和通知里叫什么。"),
    add: t("加一个结果"),
    columns: [{ key: "title", words: t("叫作"), kind: "title" }],
    fresh: () => ({ title: { zh: t("新结果"), en: "New outcome" } }),
  },
  {
    kind: "documents",
    keyed: { words: t("种类"), options: null },
    title: t("文书"),
    guide: t("流程图里的“做完以后”按种类出文书；文书文本在“文书文本”里改。"),
    add: t("加一种文书"),
    columns: [
      { key: "title", words: t("标题"), kind: "title" },
      { key: "template", words: t("用哪个文本"), kind: "choice", usual: (key) => key, options: (studio) => templates(studio).map((one) => [one, one]) },
      { key: "several", words: t("可以有多份"), kind: "yes" },
    ],
    fresh: () => ({ title: { zh: t("新文书"), en: "New document" } }),
  },
  {
    kind: "legal_basis",
    title: t("依据"),
    guide: t("这个流程依据的法律和规定，公示时列出。"),
    add: t("加一条依据"),
    columns: [
      { key: "zh", words: t("中文"), kind: "text" },
      { key: "en", words: t("英文"), kind: "text" },
    ],
    fresh: () => ({ zh: t("新依据"), en: "New basis" }),
  },
];
