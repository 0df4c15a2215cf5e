// The tab of settings: package.toml as a form, and as its text for those who know it.
import { button, h } from "../dom.js";
import { editText } from "../source/editor.js";
import { t } from "../words.js";
import { showBasics } from "./basics.js";
import { showNames } from "./names.js";
import { parts } from "./parts.js";
import { showRows } from "./rows.js";
import { read } from "./toml.js";

export function openTab(studio, room) {
  const { copy } = studio;
  const me = {};
  const path = `bpmn/${studio.key}/package.toml`;
  const refused = h("p", { class: "fq-note is-bad", role: "alert", hidden: true });
  const file = {
    text: () => copy.read(path) ?? "",
    /** `isShaped`: rows came or went, so the form is drawn anew. */
    change(text, isShaped = false) {
      refused.hidden = read(text) !== null;
      refused.textContent = t("这样改文件就读不懂了，没有写进去。请在源码里改。");
      if (read(text) === null) return;
      copy.write(path, text, me);
      if (isShaped) draw();
    },
  };
  const panels = [
    showBasics(studio, file),
    ...parts().map((part) => showRows(studio, file, part)),
    showNames(studio, file, "case", t("案件的数据"), t("图、表和文书用 case.名称 读的案件事实。表单里有的不必写。")),
    showNames(studio, file, "process", t("流程的数据"), t("图和表里算出来的名称。表单里有的不必写。")),
  ];
  const form = h("div", { class: "fq-settings" }, panels.map(({ panel }) => panel), h("p", { class: "fq-hint" }, t("与其他流程的对接（handoffs）请在源码里改。")));
  const text = h("div", { class: "fq-studio-text", hidden: true });
  const editor = editText(text, { nonce: studio.nonce, label: t("设置的源码"), readOnly: !studio.told.may_edit, write: (typed) => copy.write(path, typed, me) });
  const source = button(t("看源码"), () => showSource(text.hidden), { style: "btn-quiet btn-sm" });
  const told = h("ul", { class: "fq-remarks" });
  const jumps = h("ul", { class: "fq-tree" }, panels.map(({ panel }) => h("li", {}, h("a", { href: "#", onclick: (event) => jump(event, panel) }, panel.querySelector("h2").textContent))));
  room.classList.add("is-two");
  room.append(
    h("div", { class: "fq-studio-list" }, h("h2", {}, t("设置")), jumps, told),
    h("div", { class: "fq-decision-pane" }, h("div", { class: "fq-decision-head" }, button(t("撤销"), () => copy.undo(path), { picture: "undo", style: "btn-quiet btn-sm" }), button(t("重做"), () => copy.redo(path), { style: "btn-quiet btn-sm" }), h("span", { class: "fq-push" }), source), refused, form, text),
  );
  studio.checks.onCheck(mark);
  copy.onChange((change) => {
    if (change.path !== path || change.by === me) return;
    editor.set(file.text());
    draw();
  });

  function draw() {
    for (const panel of panels) panel.draw();
  }

  function mark() {
    const found = studio.checks.of(path);
    editor.mark(found);
    told.replaceChildren(...found.map((one) => h("li", { class: one.severity === "error" ? "is-bad" : "is-warn" }, h("span", {}, one.message))));
  }

  function jump(event, panel) {
    event.preventDefault();
    showSource(false);
    panel.scrollIntoView({ block: "start" });
    panel.querySelector("input, select, textarea")?.focus({ preventScroll: true });
  }

  function showSource(isShown) {
    if (text.hidden === !isShown) return;
    text.hidden = !isShown;
    form.hidden = isShown;
    source.textContent = isShown ? t("看表单") : t("看源码");
    if (isShown) editor.set(file.text());
    else draw();
  }

  return {
    show() {
      editor.set(file.text());
      draw();
      mark();
      if (read(file.text()) === null) showSource(true);
    },
  };
}
