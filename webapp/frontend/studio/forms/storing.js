// Where an answer is kept, and who can see it there.
import { h } from "../dom.js";
import { t } from "../words.js";
import { part, radios } from "./inputs.js";
import { place } from "./model.js";
import { setOrDrop } from "./text.js";

const STORES = [
  ["process", "只在这次办理里用", "流程图的条件可以直接用。办完以后不带到别处。"],
  ["case", "记进案件", "是案件的事实：案件页、文书、以后的表单都能用。流程图里写 case.名称。"],
  ["sealed", "记进案件，密封", "只有案件页和文书看得到；查找、列表、流程图、决策表都读不到。用于隐私和检举。"],
];

export function storePart(desk, at, property) {
  const store = property["x-store"] ?? "process";
  const write = (to) => desk.edit((schema) => setOrDrop(place(schema, at).property, "x-store", to === "process" && !property["x-store"] ? undefined : to));
  const said = store === "process" ? at : `case.${at}`;
  const options = STORES.map(([value, words, help]) => [value, t(words), t(help)]);
  return part("store", t("记到哪里"), [radios("p-store", t("记到哪里"), store, options, write), store !== "sealed" && h("p", { class: "fq-help" }, t("流程图里这样写："), h("code", {}, said))], false);
}
