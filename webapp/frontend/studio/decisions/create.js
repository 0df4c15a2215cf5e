// A new decision table: what it looks at and where its result goes are asked first, so that it runs at once.
import { button, h } from "../dom.js";
import { t } from "../words.js";
import { decisionsIn } from "./read.js";

const NAME = "[a-z][a-z0-9_]{0,39}";

const escaped = (text) => text.replace(/[&<>"]/g, (one) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[one]);

/** A table with one condition, one result and no rule that says much yet. */
export function newTable({ id, title, input, label, type, output }) {
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="definitions_${id}" name="${escaped(title)}" namespace="https://fengqiao.example/dmn">
  <decision id="${id}" name="${escaped(title)}">
    <decisionTable id="${id}_table" hitPolicy="UNIQUE">
      <input id="${id}_input_1" label="${escaped(label)}">
        <inputExpression id="${id}_expression_1" typeRef="${type}">
          <text>${escaped(input)}</text>
        </inputExpression>
      </input>
      <output id="${id}_output_1" label="${escaped(title)}" name="${output}" typeRef="string" />
      <rule id="${id}_rule_1">
        <inputEntry id="${id}_in_1_1">
          <text>-</text>
        </inputEntry>
        <outputEntry id="${id}_out_1_1">
          <text>""</text>
        </outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>
`;
}

/** Asks and writes the file; opens it. */
export function askForTable(studio) {
  const taken = studio.copy.list("bpmn/", ".dmn").flatMap((path) => decisionsIn(studio.copy.read(path)).map((one) => one.id));
  const names = Object.entries(studio.checks.names).sort();
  const field = (label, control, hint) => h("div", { class: "fq-studio-field" }, h("label", { htmlFor: control.id }, label), control, hint && h("p", { class: "fq-hint" }, hint));
  const title = h("input", { class: "form-control", id: "new-table-title", required: true, maxLength: 60 });
  const id = h("input", { class: "form-control fq-feel", id: "new-table-id", required: true, pattern: NAME, value: free(taken) });
  const input = h("select", { class: "form-select", id: "new-table-input" }, names.map(([name]) => h("option", { value: name }, name)));
  const output = h("input", { class: "form-control fq-feel", id: "new-table-output", required: true, pattern: NAME, value: `${id.value}_result` });
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  const add = (event) => {
    event.preventDefault();
    if (taken.includes(id.value)) return id.setCustomValidity(t("这个标识已经有了")) ?? form.reportValidity();
    const path = `bpmn/${studio.key}/${id.value}.dmn`;
    const type = studio.checks.names[input.value] ?? "Any";
    studio.copy.write(path, newTable({ id: id.value, title: title.value, input: input.value, label: input.value, type, output: output.value }));
    close();
    studio.tabs.open(path, id.value);
  };
  id.addEventListener("input", () => id.setCustomValidity(""));
  const form = h(
    "form",
    { onsubmit: add },
    field(t("这张表决定什么"), title, t("例如：能不能受理")),
    field(t("先看哪个数据"), input, t("以后还可以加别的条件")),
    field(t("结果写到哪个数据"), output, t("小写英文字母、数字、下划线；流程图里的条件用这个名称读结果")),
    field(t("表的标识"), id, t("小写英文字母、数字、下划线，以后不能改")),
    h("div", { class: "fq-actions" }, h("button", { class: "btn btn-primary" }, t("新建")), button(t("不建了"), close)),
  );
  const dialog = h("dialog", { class: "fq-dialog", "aria-labelledby": "new-table", oncancel: close }, h("h2", { id: "new-table" }, t("新建决策表")), form);
  document.body.append(dialog);
  dialog.showModal();
}

function free(taken) {
  let number = 1;
  while (taken.includes(`table_${number}`)) number += 1;
  return `table_${number}`;
}
