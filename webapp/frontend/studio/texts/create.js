// A new document kind: its text, and its line in the settings.
import { button, h } from "../dom.js";
import { freeName } from "../forms/names.js";
import { t } from "../words.js";
import { addDocumentKind, folder, listKinds } from "./kinds.js";
import snippets from "./snippets.json";

const KEY = /^[a-z][a-z0-9_]{0,59}$/;

/** What a new text begins with: head, addressee, one paragraph, the seal. */
const begun = (title) => snippets.begun.replace("TITLE", title.replace(/[<>&{}$]/g, ""));

/** Asks for title and name; resolves to the path of the new text, "" where nobody wanted one. */
export function makeText(studio) {
  const kinds = listKinds(studio).map((one) => one.kind);
  const title = h("input", { id: "text-title", class: "form-control", type: "text", maxLength: 120 });
  const en = h("input", { id: "text-title-en", class: "form-control", type: "text", maxLength: 200, lang: "en" });
  const key = h("input", { id: "text-key", class: "form-control fq-mono", type: "text", value: freeName("letter", kinds), spellcheck: false });
  const several = h("input", { id: "text-several", type: "checkbox" });
  const wrong = h("p", { class: "fq-wrong", role: "alert" });
  return new Promise((resolve) => {
    const close = (path) => {
      box.close();
      box.remove();
      resolve(path);
    };
    const go = (event) => {
      event.preventDefault();
      wrong.textContent = problem();
      if (!wrong.textContent) close(write());
    };
    const problem = () => {
      if (!title.value.trim()) return t("请写标题。");
      if (!KEY.test(key.value)) return t("名称只能用小写英文字母、数字和下划线，以字母开头，例如 paid_on。");
      return kinds.includes(key.value) || studio.copy.read(`${folder(studio)}${key.value}.html`) !== null ? t("已经有一份叫“{name}”。", { name: key.value }) : "";
    };
    const write = () => {
      const path = `${folder(studio)}${key.value}.html`;
      studio.copy.write(path, begun(title.value.trim()));
      addDocumentKind(studio, key.value, { zh: title.value.trim(), en: en.value.trim() }, several.checked);
      return path;
    };
    const field = (control, label, hint = "") => h("div", { class: "fq-field" }, h("label", { class: "fq-label", htmlFor: control.id }, label), hint && h("p", { class: "fq-help" }, hint), control);
    const tick = h("div", { class: "fq-field" }, h("label", { class: "fq-check", htmlFor: "text-several" }, several, " ", t("一件案子可以有几份，例如每次会议一份")));
    const fields = [field(title, t("标题")), field(en, t("英文标题")), field(key, t("名称"), t("流程图里用它来要这份文书，小写英文，例如 reply_letter")), tick];
    const box = h("dialog", { class: "fq-dialog", "aria-labelledby": "text-dialog", oncancel: () => close("") }, h("form", { method: "dialog", onsubmit: go, noValidate: true }, h("h2", { id: "text-dialog" }, t("新建文书")), fields, wrong, h("div", { class: "fq-actions" }, h("button", { type: "submit", class: "btn btn-primary" }, t("新建")), button(t("取消"), () => close("")))));
    document.body.append(box);
    box.showModal();
    title.focus();
  });
}
