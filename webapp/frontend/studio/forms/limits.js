// What an answer must keep to: lengths, amounts, days, numbers of rows.
import { documents } from "../diagram/properties/offers.js";
import { h } from "../dom.js";
import { t } from "../words.js";
import { numberInput, part, selectInput, textInput, tick } from "./inputs.js";
import { KINDS } from "./kinds.js";
import { place } from "./model.js";
import { setOrDrop } from "./text.js";

const NUMBERS = {
  minLength: "至少几个字",
  maxLength: "最多几个字",
  minimum: "不小于",
  maximum: "不大于",
  minItems: "至少几项",
  maxItems: "最多几项",
};

export function limitsPart(desk, at, property, widget) {
  const offered = KINDS[widget]?.limits ?? [];
  const inputs = offered.map((keyword) => limit(desk, at, property, keyword)).filter(Boolean);
  return inputs.length ? part("limits", t("限制"), inputs, false) : null;
}

function limit(desk, at, property, keyword) {
  const write = (value, what = "text") => desk.edit((schema) => setOrDrop(place(schema, at).property, keyword, value), what);
  if (keyword in NUMBERS) return numberInput(`p-${keyword}`, t(NUMBERS[keyword]), property[keyword], (value) => write(value), keyword.startsWith("min") && keyword !== "minimum" ? { min: 0 } : {});
  if (keyword === "pattern") return textInput("p-pattern", t("写法（正则表达式）"), property.pattern, (value) => write(value), { spellcheck: false, hint: t("一般不用。例如 ^[A-Z][0-9]{4}$ 表示一个大写字母加四位数字") });
  if (keyword === "integer") return tick("p-integer", t("只能是整数"), property.type === "integer", (on) => desk.edit((schema) => (place(schema, at).property.type = on ? "integer" : "number")));
  if (keyword === "const") return tick("p-const", t("必须打钩才能继续"), property.const === true, (on) => write(on ? true : undefined, "shape"), t("用于“我已知晓”一类的确认"));
  if (keyword === "today") return tick("p-today", t("先填上今天"), property.default === "today", (on) => desk.edit((schema) => setOrDrop(place(schema, at).property, "default", on ? "today" : undefined)));
  if (keyword === "several") return tick("p-several", t("可以传几个文件"), property.type === "array", (on) => desk.edit((schema) => setSeveral(place(schema, at).property, on)));
  if (keyword === "accept") return accepted(desk, at, property);
  if (keyword === "x-scan-of" && property.type === "array") return null;
  if (keyword in PAPERS) return paper(desk, property, keyword, write);
  return dayLimit(property, keyword, write);
}

const PAPERS = {
  "x-signs": ["签在哪种文书上", "文书文本里要有签名的位置"],
  "x-scan-of": ["哪种文书签好的扫描件", "签好的纸收回来以后，自动填在这里"],
};

/** Which of the package's documents a signature or a scan belongs to. */
function paper(desk, property, keyword, write) {
  const value = property[keyword] ?? "";
  const known = documents(desk.studio).map(({ kind, title }) => [kind, title]);
  const stray = value && !known.some(([kind]) => kind === value) ? [[value, value]] : [];
  const [label, hint] = PAPERS[keyword];
  return selectInput(`p-${keyword}`, t(label), value, [["", t("不指明")], ...known, ...stray], (to) => write(to, "shape"), t(hint));
}

function setSeveral(property, on) {
  property.type = on ? "array" : "string";
  setOrDrop(property, "items", on ? { type: "string" } : undefined);
  setOrDrop(property, "maxItems", on ? 10 : undefined);
  if (on) delete property["x-scan-of"];
}

const MEDIA = [["application/pdf", "PDF"], ["image/jpeg", "JPEG"], ["image/png", "PNG"]];

/** Which files may be handed in; none ticked: all the installation takes. */
function accepted(desk, at, property) {
  const taken = property.accept ?? [];
  const others = taken.filter((one) => !MEDIA.some(([type]) => type === one)).map((one) => [one, one]);
  const change = (type, on) => {
    const next = on ? [...taken, type] : taken.filter((one) => one !== type);
    desk.edit((schema) => setOrDrop(place(schema, at).property, "accept", next.length ? next : undefined));
  };
  const boxes = [...MEDIA, ...others].map(([type, words]) => tick(`p-accept-${type}`, words, taken.includes(type), (on) => change(type, on)));
  return h("fieldset", { class: "fq-radios" }, h("legend", { class: "fq-label" }, t("收哪些文件")), boxes);
}

function dayLimit(property, keyword, write) {
  const value = property[keyword] ?? "";
  const label = keyword === "x-earliest" ? t("最早") : t("最晚");
  const options = [["", t("不限")], ["today", t("今天")], ...(value && value !== "today" ? [[value, value]] : [])];
  return selectInput(`p-${keyword}`, label, value, options, (to) => write(to, "shape"));
}
