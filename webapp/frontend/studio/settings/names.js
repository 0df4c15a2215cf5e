// Declared data: names and their types, beyond what forms declare.
import { button, h } from "../dom.js";
import { t } from "../words.js";
import { chooser, field } from "./rows.js";
import { addBlock, blocksOf, read, setKey } from "./toml.js";

const TYPES = { string: "文字", number: "数字", boolean: "是否", date: "日期", time: "时间", "date and time": "日期时间", "days and time duration": "时长（天、时）", "years and months duration": "时长（年、月）", list: "列表", context: "一组数据", any: "不限" };

/** `kind`: case | process. */
export function showNames(studio, file, kind, title, guide) {
  const list = h("div", { class: "fq-settings-names" });
  const name = h("input", { class: "form-control fq-feel", pattern: "[a-z][a-z0-9_]{0,39}", placeholder: t("新的名称"), "aria-label": t("新的名称") });
  const add = h("form", { class: "fq-row", onsubmit: grow }, name, h("button", { class: "btn btn-quiet btn-sm", disabled: !studio.told.may_edit }, t("加上")));
  const panel = h("section", { class: "fq-panel", id: `settings-${kind}` }, h("header", {}, h("h2", {}, title)), h("div", { class: "fq-panel-body" }, h("p", { class: "fq-hint" }, guide), list, add));
  const block = () => blocksOf(file.text()).find((one) => one.name === kind && !one.isArray);
  const options = Object.entries(TYPES).map(([key, words]) => [key, t(words)]);

  function draw() {
    const told = read(file.text())?.[kind] ?? {};
    list.replaceChildren(
      ...Object.entries(told).map(([key, type]) =>
        h("fieldset", { class: "fq-settings-name", disabled: !studio.told.may_edit }, field(key, chooser(options, String(type), key, (value) => file.change(setKey(file.text(), block(), key, value)))), button(t("删去"), () => file.change(setKey(file.text(), block(), key, undefined), true), { style: "btn-quiet btn-sm", "aria-label": t("删去 {name}", { name: key }) })),
      ),
    );
  }

  function grow(event) {
    event.preventDefault();
    if (!name.value) return;
    const found = block();
    file.change(found ? setKey(file.text(), found, name.value, "string") : addBlock(file.text(), kind, `[${kind}]`, { [name.value]: "string" }), true);
    name.value = "";
  }

  return { panel, draw };
}
