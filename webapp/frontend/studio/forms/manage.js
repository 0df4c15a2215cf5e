// Forms made, renamed and taken away.
import { ask, button, h } from "../dom.js";
import { t } from "../words.js";
import { makeField } from "./kinds.js";
import { freeName } from "./names.js";
import { writeJson } from "./text.js";

const KEY = /^[a-z][a-z0-9_]{0,59}$/;

/** Files that use a form: diagrams by its file name, settings by its name. */
export function usesOfForm(studio, name) {
  const drawn = new RegExp(`\\b${name}\\.(schema|ui)\\.json`);
  const set = new RegExp(`form\\s*=\\s*"${name}"`);
  return studio.copy.list("bpmn/", ".bpmn", ".toml").filter((path) => (path.endsWith(".toml") ? set : drawn).test(studio.copy.read(path)));
}

/** The two texts of a new form with one question. */
function fresh(studio, name, title) {
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `${studio.key}/${name}`,
    type: "object",
    title: title.zh,
    ...(title.en ? { "x-i18n": { en: { title: title.en } } } : {}),
    additionalProperties: false,
    properties: { text: makeField("text") },
  };
  return [writeJson(schema), writeJson({ "ui:order": ["text"] })];
}

/** Asks for title and name; gives the name of the new form, "" where nobody wanted one. */
export function makeForm(studio, folder, names) {
  const title = h("input", { id: "new-title", class: "form-control", type: "text", maxLength: 120, required: true });
  const en = h("input", { id: "new-title-en", class: "form-control", type: "text", maxLength: 200, lang: "en" });
  const key = h("input", { id: "new-name", class: "form-control fq-mono", type: "text", value: freeName("form", names), spellcheck: false });
  const fields = [field(title, t("标题")), field(en, t("英文标题")), field(key, t("文件名称"), t("小写英文，例如 ask_consent；以后在流程图里认得出"))];
  return dialog(t("新建表单"), fields, t("新建"), () => {
    if (!title.value.trim()) return t("请写标题。");
    const wrong = keyProblem(key.value, names);
    if (wrong) return wrong;
    const [schema, ui] = fresh(studio, key.value, { zh: title.value.trim(), en: en.value.trim() });
    studio.copy.write(`${folder}${key.value}.schema.json`, schema);
    studio.copy.write(`${folder}${key.value}.ui.json`, ui);
    return "";
  }, () => key.value);
}

/** Another file name for a form nothing refers to. */
export function renameForm(desk, names) {
  const { studio, folder, name } = desk;
  const key = h("input", { id: "new-name", class: "form-control fq-mono", type: "text", value: name, spellcheck: false });
  return dialog(t("改文件名称"), [field(key, t("文件名称"))], t("改名"), () => {
    const wrong = keyProblem(key.value, names.filter((one) => one !== name));
    if (wrong || key.value === name) return wrong;
    for (const ending of [".schema.json", ".ui.json"]) {
      const text = studio.copy.read(`${folder}${name}${ending}`);
      if (text === null) continue;
      studio.copy.write(`${folder}${key.value}${ending}`, text.replace(`"${studio.key}/${name}"`, `"${studio.key}/${key.value}"`));
      studio.copy.write(`${folder}${name}${ending}`, null);
    }
    return "";
  }, () => key.value);
}

/** Takes a form away, after saying what uses it. True where it is gone. */
export async function dropForm(desk, title) {
  const { studio, folder, name } = desk;
  const uses = usesOfForm(studio, name).map((path) => path.split("/").at(-1));
  const follows = uses.length ? t("还有 {files} 在用它，删去以后那里会报错。", { files: uses.join(t("、")) }) : t("没有别处在用它。保存以前可以用“撤销”找回，保存以后可以恢复到前一次保存。");
  if (!(await ask(t("删去表单“{title}”？", { title }), follows, t("删去"), t("留着")))) return false;
  for (const ending of [".schema.json", ".ui.json"]) {
    if (studio.copy.read(`${folder}${name}${ending}`) !== null) studio.copy.write(`${folder}${name}${ending}`, null);
  }
  return true;
}

function keyProblem(key, names) {
  if (!KEY.test(key)) return t("名称只能用小写英文字母、数字和下划线，以字母开头，例如 paid_on。");
  return names.includes(key) ? t("已经有一份叫“{name}”。", { name: key }) : "";
}

const field = (control, label, hint = "") => h("div", { class: "fq-field" }, h("label", { class: "fq-label", htmlFor: control.id }, label), hint && h("p", { class: "fq-help" }, hint), control);

/** `done()` gives a sentence where it cannot be; then the dialog stays. Resolves to `result()` or "". */
function dialog(title, fields, act, done, result) {
  return new Promise((resolve) => {
    const wrong = h("p", { class: "fq-wrong", role: "alert" });
    const close = (given) => {
      box.close();
      box.remove();
      resolve(given);
    };
    const go = (event) => {
      event.preventDefault();
      wrong.textContent = done();
      if (!wrong.textContent) close(result());
    };
    const box = h("dialog", { class: "fq-dialog", "aria-labelledby": "form-dialog-title", oncancel: () => close("") }, h("form", { method: "dialog", onsubmit: go, noValidate: true }, h("h2", { id: "form-dialog-title" }, title), fields, wrong, h("div", { class: "fq-actions" }, h("button", { type: "submit", class: "btn btn-primary" }, act), button(t("取消"), () => close("")))));
    document.body.append(box);
    box.showModal();
    fields[0].querySelector("input").select();
  });
}
