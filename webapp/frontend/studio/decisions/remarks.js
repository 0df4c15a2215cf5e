// What the check says of a table: beside it, and its rules marked.
import { h, icon } from "../dom.js";
import { t } from "../words.js";
import { markFaults } from "./faults.js";
import { decisionOf } from "./read.js";

const quoted = (text) => JSON.stringify(text);

/** The right pane. Returns {draw(path, decision)}. */
export function showRemarks(studio, pane, editor) {
  const marks = h("style", { nonce: studio.nonce });
  document.head.append(marks);
  const faults = markFaults(editor.place);

  function draw(path, decision) {
    const xml = studio.copy.read(path);
    const found = studio.checks
      .of(path)
      .map((one) => ({ ...one, decision: decisionOf(xml, one.element) }))
      .filter((one) => !decision || !one.decision || one.decision === decision);
    pane.replaceChildren(h("h2", {}, t("这张表的检查结果")), found.length ? h("ol", { class: "fq-remarks" }, found.map((one) => item(one, path, decision))) : h("p", { class: "fq-studio-fine" }, icon("ok"), t("没有发现问题。")), guide());
    faults.show(found.filter((one) => one.place && one.decision === decision).flatMap((one) => spot(one)));
    marks.textContent = found.flatMap((one) => sheet(one, decision)).join("\n");
  }

  /** Where in the editor's view a finding stands: in a cell, or in the one expression there is. */
  function spot({ decision, place: { row, cell, line, column }, message }) {
    const id = row ? editor.cell(decision, row, cell) : "";
    return row && !id ? [] : [{ id, line, column, message }];
  }

  /** [number from 1, id] of the rules a finding speaks of: it gives numbers, or stands at one. */
  function rulesOf(finding, decision) {
    const ids = editor.rules(finding.decision || decision);
    const at = ids.indexOf(finding.element);
    const numbers = finding.rules ?? (at < 0 ? [] : [at + 1]);
    return numbers.map((number) => [number, ids[number - 1]]).filter(([, id]) => id);
  }

  function sheet(finding, decision) {
    const colour = finding.severity === "error" ? "var(--fq-zhu-wash)" : "var(--fq-amber-wash)";
    return rulesOf(finding, decision).map(([, id]) => `.fq-decision td[data-row-id="${CSS.escape(id)}"]{background-color:${colour} !important}`);
  }

  function item(finding, path, decision) {
    const isError = finding.severity === "error";
    const go = (id) => (event) => {
      event.preventDefault();
      editor.open(path, finding.decision || decision).then(() => editor.showRow(id));
    };
    return h(
      "li",
      { class: isError ? "is-bad" : "is-warn" },
      icon(isError ? "bad" : "over", isError ? t("错误") : t("提醒")),
      h("span", {}, finding.message),
      h("span", { class: "fq-row" }, rulesOf(finding, decision).map(([n, id]) => h("a", { href: "#", onclick: go(id) }, t("第 {n} 条规则", { n })))),
    );
  }

  return { draw };
}

function guide() {
  return h(
    "details",
    { class: "fq-guide" },
    h("summary", {}, t("格子里怎么写")),
    h(
      "dl",
      {},
      [
        ["-", t("不管是什么都符合")],
        [quoted(t("家事")), t("文字写在英文双引号里")],
        [[t("家事"), t("邻里")].map(quoted).join(", "), t("是其中之一")],
        ["> 50000", t("数字、日期可以比大小")],
        ["[0..50000]", t("从 0 到 50000，含两头")],
        ["not(null)", t("填了就符合")],
        ["true", t("是；否写 false")],
      ].map(([cell, words]) => [h("dt", {}, h("code", {}, cell)), h("dd", {}, words)]),
    ),
    h("p", { class: "fq-hint" }, t("在一格里按右键，可以加规则、加列、复制、给这一格写说明。")),
  );
}
