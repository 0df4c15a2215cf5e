// One part of the settings in rows: changed, added, moved, taken away.
import { button, h } from "../dom.js";
import { t } from "../words.js";
import { addBlock, blocksOf, dropBlock, headerOf, isOf, read, setKey, swapBlocks } from "./toml.js";

/** `file`: {text(), change(text, isShaped)}. A panel for one description of parts.js. */
export function showRows(studio, file, part) {
  const list = h("div", { class: "fq-settings-rows" });
  const add = button(part.add, () => grow(), { picture: "plus", style: "btn-quiet btn-sm", disabled: !studio.told.may_edit });
  const panel = h("section", { class: "fq-panel", id: `settings-${part.kind}` }, h("header", {}, h("h2", {}, part.title)), h("div", { class: "fq-panel-body" }, h("p", { class: "fq-hint" }, part.guide), list, add));

  const blocks = () => blocksOf(file.text()).filter((one) => isOf(one, part.kind) && (part.keyed ? one.name !== part.kind : one.isArray));
  const keyOf = (block) => block.name.slice(part.kind.length + 1).replace(/^"|"$/g, "");

  /** [block, values]; null where the file is written in a way rows do not show. */
  function rows() {
    const told = read(file.text())?.[part.kind];
    const found = blocks();
    if (!part.keyed) return (told?.length ?? 0) === found.length ? found.map((block, at) => [block, told[at]]) : null;
    return Object.keys(told ?? {}).length === found.length ? found.map((block) => [block, told[keyOf(block)] ?? {}]) : null;
  }

  function draw() {
    const found = rows();
    add.hidden = !found;
    list.replaceChildren(...(found ? found.map(([, values], at) => row(values, at, found)) : [h("p", {}, t("这一部分的写法表单里显示不了，请在源码里改。"))]));
  }

  function row(values, at, all) {
    const [block] = all[at];
    const key = part.keyed ? keyOf(block) : "";
    const label = (words) => t("第 {n} 行，{what}", { n: at + 1, what: words });
    const set = (name, value) => file.change(setKey(file.text(), blocks()[at], name, value));
    const cells = part.columns.map((column) => cell(column, values, key, label, (value) => set(column.key, value)));
    if (part.keyed) cells.unshift(field(part.keyed.words, keyed(key, at, label)));
    const tools = h(
      "div",
      { class: "fq-row" },
      at > 0 && button(t("上移"), () => swap(at - 1, at), { style: "btn-quiet btn-sm", "aria-label": label(t("上移")) }),
      at < all.length - 1 && button(t("下移"), () => swap(at, at + 1), { style: "btn-quiet btn-sm", "aria-label": label(t("下移")) }),
      button(t("删去"), () => file.change(dropBlock(file.text(), blocks()[at]), true), { style: "btn-quiet btn-sm", "aria-label": label(t("删去")) }),
    );
    return h("fieldset", { class: "fq-settings-row", disabled: !studio.told.may_edit }, cells, tools);
  }

  /** The row's own name: another one is another header. */
  function keyed(key, at, label) {
    const rename = (event) => file.change(renamed(file.text(), blocks()[at], event.target.value), true);
    if (!part.keyed.options) return h("input", { class: "form-control fq-feel", value: key, "aria-label": label(part.keyed.words), pattern: "[a-z][a-z0-9_]{0,39}", onchange: rename });
    return chooser(part.keyed.options(studio), key, label(part.keyed.words), (value) => rename({ target: { value } }));
  }

  function renamed(text, block, key) {
    const lines = text.split("\n");
    lines[block.from] = headerOf(part.kind, key);
    return lines.join("\n");
  }

  function cell(column, values, key, label, set) {
    const value = values[column.key];
    const aria = label(column.words);
    if (column.kind === "title") return titles(column.words, value, label, set);
    if (column.kind === "choice") return field(column.words, chooser(column.options(studio), value ?? column.usual?.(key) ?? "", aria, set));
    if (column.kind === "several") return field(column.words, h("div", { class: "fq-settings-checks" }, column.options(studio).map(([id, name]) => check(name, (value ?? []).includes(id), (isOn, box) => set(ticked(box)), id))));
    if (column.kind === "yes") return check(column.words, value === true, (isOn) => set(isOn ? true : undefined));
    return field(column.words, h("input", { class: `form-control ${column.kind === "id" ? "fq-feel" : ""}`, value: value ?? "", "aria-label": aria, oninput: (event) => set(event.target.value) }));
  }

  function swap(first, second) {
    const found = blocks();
    file.change(swapBlocks(file.text(), found[first], found[second]), true);
  }

  function grow() {
    const taken = rows().map(([block, values]) => (part.keyed ? keyOf(block) : (values.name ?? values.key ?? "")));
    const free = part.keyed?.options?.(studio).map(([id]) => id).find((id) => !taken.includes(id));
    let key = free ?? `${part.kind}_${taken.length + 1}`;
    while (taken.includes(key)) key = `${key}_1`;
    const header = part.keyed ? headerOf(part.kind, key) : `[[${part.kind}]]`;
    file.change(addBlock(file.text(), part.kind, header, part.fresh(studio, key)), true);
  }

  return { panel, draw };
}

export const field = (words, control) => h("div", { class: "fq-settings-field" }, h("span", { class: "fq-settings-label", "aria-hidden": "true" }, words), control);

/** Chinese and English beside each other. */
export function titles(words, value, label, set) {
  const now = { zh: value?.zh ?? "", en: value?.en ?? "" };
  const one = (language, name) =>
    field(name, h("input", { class: "form-control", value: now[language], "aria-label": label(name), oninput: (event) => set({ ...Object.assign(now, { [language]: event.target.value }) }) }));
  return h("div", { class: "fq-settings-titles" }, one("zh", words), one("en", t("英文")));
}

/** A choice; a value that is not among the options stands first, so that nothing is lost. */
export function chooser(options, value, label, set) {
  const all = options.some(([id]) => id === value) ? options : [[value, value], ...options];
  return h("select", { class: "form-select", "aria-label": label, onchange: (event) => set(event.target.value) }, all.map(([id, name]) => h("option", { value: id, selected: id === value }, name)));
}

export function check(words, isOn, act, value = "") {
  return h("label", { class: "fq-check" }, h("input", { type: "checkbox", checked: isOn, value, onchange: (event) => act(event.target.checked, event.target) }), " ", words);
}

/** Values of all ticked boxes beside one. */
export const ticked = (box) => [...box.closest(".fq-settings-checks").querySelectorAll("input:checked")].map((one) => one.value);
