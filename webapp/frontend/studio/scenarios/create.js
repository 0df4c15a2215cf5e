// A new scenario: a copy of another one, or an empty one.
import { button, h } from "../dom.js";
import { t } from "../words.js";
import { nameOf, scenarioPaths, titleOf } from "./read.js";

const NAME = "[a-z][a-z0-9_]{0,39}";

function empty(studio, title) {
  const day = new Date().toISOString().slice(0, 10);
  return { title, at: `${day}T09:00:00+08:00`, start: { as: "", data: {} }, steps: [], end: { run: studio.key, element: "" } };
}

/** Asks for a title and a name, writes the file and opens it. */
export function askForScenario(studio, like) {
  const paths = scenarioPaths(studio.copy);
  const taken = paths.map(nameOf);
  const title = h("input", { class: "form-control", id: "new-scenario-title", required: true, maxLength: 120 });
  const name = h("input", { class: "form-control fq-feel", id: "new-scenario-name", required: true, pattern: NAME, value: free(taken), oninput: () => name.setCustomValidity("") });
  const from = h("select", { class: "form-select", id: "new-scenario-from" }, h("option", { value: "" }, t("空的")), paths.map((path) => h("option", { value: path, selected: path === like }, titleOf(studio.copy, path))));
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  const add = (event) => {
    event.preventDefault();
    if (taken.includes(name.value)) {
      name.setCustomValidity(t("这个名称已经有了"));
      return form.reportValidity();
    }
    const path = `bpmn/${studio.key}/scenarios/${name.value}.json`;
    studio.copy.write(path, `${JSON.stringify({ ...read(studio, from.value, title.value), title: title.value }, null, 2)}\n`);
    close();
    studio.tabs.open(path);
  };
  const field = (label, control) => h("div", { class: "fq-studio-field" }, h("label", { htmlFor: control.id }, label), control);
  const form = h("form", { onsubmit: add }, field(t("这个场景说的是什么"), title), field(t("照着哪个场景改"), from), field(t("文件名（小写英文字母、数字、下划线）"), name), h("div", { class: "fq-actions" }, h("button", { class: "btn btn-primary" }, t("新建")), button(t("不建了"), close)));
  const dialog = h("dialog", { class: "fq-dialog", "aria-labelledby": "new-scenario", oncancel: close }, h("h2", { id: "new-scenario" }, t("新建场景")), form);
  document.body.append(dialog);
  dialog.showModal();
}

function read(studio, path, title) {
  try {
    return JSON.parse(studio.copy.read(path));
  } catch {
    return empty(studio, title);
  }
}

function free(taken) {
  let number = taken.length + 1;
  while (taken.includes(`scenario_${number}`)) number += 1;
  return `scenario_${number}`;
}
