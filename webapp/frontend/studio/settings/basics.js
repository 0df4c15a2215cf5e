// The first panel: what the package is called, who looks after it, who may begin, who may read.
import { h } from "../dom.js";
import { t } from "../words.js";
import { check, chooser, field, ticked, titles } from "./rows.js";
import { blocksOf, read, setKey } from "./toml.js";

const CLASSES = { normal: "普通：本单位按岗位看", sealed: "封存：只有经办人看", psychology: "心理服务：只有心理服务的人看", minor: "未成年人：只有经办人看" };

export function showBasics(studio, file) {
  const body = h("div", { class: "fq-panel-body" });
  const panel = h("section", { class: "fq-panel", id: "settings-basics" }, h("header", {}, h("h2", {}, t("基本"))), body);
  const set = (name, value) => file.change(setKey(file.text(), blocksOf(file.text())[0], name, value));
  const roles = studio.told.vocabulary.roles.map(({ key, title }) => [key, title]);

  function draw() {
    const told = read(file.text()) ?? {};
    const example = h("p", { class: "fq-hint" }, shown(told.number_format));
    const number = h("input", { class: "form-control", value: told.number_format ?? "", "aria-label": t("文号格式"), oninput: (event) => write(event.target.value) });
    const write = (value) => {
      example.textContent = shown(value);
      set("number_format", value);
    };
    body.replaceChildren(
      h(
        "fieldset",
        { disabled: !studio.told.may_edit },
        titles(t("名称"), told.title, (words) => words, (value) => set("title", value)),
        field(t("文号格式"), number),
        h("p", { class: "fq-hint" }, t("可以用 {unit}（单位简称）、{year}（年）、{n}（序号），{n} 不能少。"), " "),
        example,
        field(t("谁负责这个流程"), chooser(roles, told.owner_role ?? "", t("谁负责这个流程"), (value) => set("owner_role", value))),
        field(t("谁可以登记"), h("div", { class: "fq-settings-checks" }, roles.map(([key, title]) => check(title, (told.start_roles ?? []).includes(key), (_isOn, box) => set("start_roles", ticked(box)), key)))),
        field(t("谁能看"), chooser(Object.entries(CLASSES).map(([key, words]) => [key, t(words)]), told.access_class ?? "normal", t("谁能看"), (value) => set("access_class", value))),
        field(t("可以从外面发消息来的系统（一行一个）"), h("textarea", { class: "form-control fq-feel", rows: 2, value: (told.senders ?? []).join("\n"), "aria-label": t("可以从外面发消息来的系统（一行一个）"), oninput: (event) => set("senders", event.target.value.split("\n").map((one) => one.trim()).filter(Boolean)) })),
      ),
    );
  }

  return { panel, draw };
}

const shown = (format) => {
  const values = { unit: t("西峰镇"), year: String(new Date().getFullYear()), n: "18" };
  return t("例如：{number}", { number: (format ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole) });
};
