// The name of a question: what diagrams, tables and texts call it.
import { button, h, icon } from "../dom.js";
import { t } from "../words.js";
import { place, namesOf, renameField } from "./model.js";
import { nameProblem, usesOf } from "./names.js";

export function namePart(desk, at, say) {
  const { schema } = desk.form;
  const { owner, name, table } = place(schema, at);
  const others = namesOf(owner).filter((one) => one !== name);
  const store = place(schema, table || at).property["x-store"] ?? "process";
  const uses = isSaved(desk, name) ? usesOf(desk.studio, name, store, [desk.schemaPath, desk.uiPath]) : [];
  const wrong = h("p", { class: "fq-wrong", role: "alert", id: "p-name-e", hidden: true });
  const field = h("input", { id: "p-name", type: "text", class: "form-control fq-mono", value: name, spellcheck: false, "aria-describedby": "p-name-h p-name-e", oninput: look, onkeydown: (event) => event.key === "Enter" && rename() });
  const go = button(t("改名称"), rename, { style: "btn-quiet btn-sm", disabled: true });

  function look() {
    const problem = field.value === name ? "" : nameProblem(field.value, others);
    wrong.textContent = problem;
    wrong.hidden = !problem;
    field.toggleAttribute("aria-invalid", Boolean(problem));
    go.disabled = Boolean(problem) || field.value === name;
  }

  function rename() {
    if (field.value === name || nameProblem(field.value, others)) return;
    const to = desk.edit((one, ui) => renameField(one, ui, at, field.value));
    desk.choose({ kind: "field", at: to });
    if (uses.length) say(t("名称改成了 {name}。还写着 {old} 的文件：{files}。检查结果会逐处指出。", { name: field.value, old: name, files: uses.map(fileOf).join(t("、")) }), true);
  }

  return h(
    "div",
    { class: "fq-field" },
    h("label", { class: "fq-label", htmlFor: "p-name" }, t("名称")),
    h("p", { class: "fq-help", id: "p-name-h" }, t("流程图、决策表和文书用它来称呼这个问题；填表的人看不到")),
    h("div", { class: "fq-row" }, field, go),
    wrong,
    uses.length > 0 && h("p", { class: "fq-help" }, icon("doc"), " ", t("用到它的文件：{files}", { files: uses.map(fileOf).join(t("、")) })),
  );
}

/** Nobody can speak yet of a question that was just added. */
const isSaved = ({ studio, schemaPath }, name) => String(studio.copy.saved.get(schemaPath) ?? "").includes(`"${name}"`);

const fileOf = (path) => path.split("/").at(-1);
