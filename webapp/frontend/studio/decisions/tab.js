// The tab of decisions: the tables at the left, the editor, what the check says at the right.
import { ask, button, h, icon } from "../dom.js";
import { editText } from "../source/editor.js";
import { t } from "../words.js";
import { showBoxes } from "./boxes.js";
import { askForTable } from "./create.js";
import { DecisionEditor } from "./editor.js";
import { callersOf, decisionOf, decisionsIn, titleOf } from "./read.js";
import { showRemarks } from "./remarks.js";

export function openTab(studio, room) {
  const { copy } = studio;
  const tree = h("ul", { class: "fq-tree" });
  const place = h("div", { class: "fq-decision" });
  const boxed = h("div", { class: "fq-studio-text fq-boxed", hidden: true });
  const text = h("div", { class: "fq-studio-text", hidden: true });
  const told = h("p", { class: "fq-note is-bad", role: "alert", hidden: true });
  const right = h("aside", { class: "fq-studio-right", "aria-label": t("这张表的检查结果") });
  const source = button(t("看源码"), () => showSource(text.hidden), { style: "btn-quiet btn-sm" });
  const head = h(
    "div",
    { class: "fq-decision-head" },
    button(t("撤销"), () => step("undo"), { picture: "undo", style: "btn-quiet btn-sm" }),
    button(t("重做"), () => step("redo"), { style: "btn-quiet btn-sm" }),
    button(t("决策关系图"), () => showPicture(), { picture: "flow", style: "btn-quiet btn-sm" }),
    h("span", { class: "fq-push" }),
    source,
    button(t("删去这张表"), () => drop(), { style: "btn-quiet btn-sm", disabled: !studio.told.may_edit }),
  );
  room.classList.add("is-three");
  room.append(
    h("div", { class: "fq-studio-list" }, h("h2", {}, t("决策表")), tree, h("div", { class: "fq-studio-add" }, button(t("新建决策表"), () => askForTable(studio), { picture: "plus", style: "btn-quiet btn-sm", disabled: !studio.told.may_edit }))),
    h("div", { class: "fq-decision-pane" }, head, told, place, boxed, text),
    right,
  );
  const me = {};
  let path = "";
  let decision = "";
  /** What is seen instead of the editor: the file's text, or a decision as boxes. */
  let isSource = false;
  let inBoxes = "";
  const editor = new DecisionEditor(studio, place, (shown) => {
    if (inBoxes) return;
    decision = shown;
    draw();
  });
  const remarks = showRemarks(studio, right, editor);
  const boxes = showBoxes(studio, boxed);
  const xml = editText(text, { nonce: studio.nonce, language: "xml", label: t("决策表的源码"), readOnly: !studio.told.may_edit, write: (typed) => copy.write(path, typed, me) });
  studio.checks.onCheck(draw);
  copy.onChange(changed);

  async function changed(change) {
    if (change.path.endsWith(".dmn")) draw();
    if (change.path !== path || change.by === editor) return;
    if (copy.read(path) === null) return studio.tabs.open(paths()[0] ?? "");
    if (change.by !== me) xml.set(copy.read(path));
    if (isSource) return;
    await load(() => editor.load());
    if (inBoxes && !boxes.is(change.by)) boxes.show(path, inBoxes);
  }

  const paths = () => copy.list("bpmn/", ".dmn");

  function draw() {
    tree.replaceChildren(...paths().flatMap(rows));
    xml.mark(path ? studio.checks.of(path) : []);
    if (path) remarks.draw(path, decision);
    if (inBoxes) boxes.mark(studio.checks.of(path));
  }

  /** A file, and under it its decisions where it has several. */
  function rows(one) {
    const inside = decisionsIn(copy.read(one));
    const first = row(one, "", titleOf(copy, one), one === path && (inside.length < 2 || !decision));
    return inside.length < 2 ? [first] : [first, ...inside.map(({ id, name }) => row(one, id, name, one === path && id === decision))];
  }

  function row(file, id, name, isCurrent) {
    const isBad = studio.checks.of(file).some((one) => one.severity === "error" && (!id || one.element === id));
    const go = (event) => {
      event.preventDefault();
      studio.tabs.open(file, id);
    };
    return h("li", {}, h("a", { href: "#", class: id ? "is-inner" : "", onclick: go, "aria-current": isCurrent ? "true" : null }, h("span", {}, name), isBad && icon("bad", t("有错误"))));
  }

  function settle() {
    text.hidden = !isSource;
    boxed.hidden = isSource || !inBoxes;
    place.hidden = isSource || Boolean(inBoxes);
    source.textContent = isSource ? t("看表格") : t("看源码");
  }

  /** Runs what may find the file broken; then its text is shown. False for a decision the editor
      cannot draw. */
  async function load(work) {
    try {
      told.hidden = true;
      return await work();
    } catch {
      told.textContent = t("这个文件读不成决策表，请在源码里改好。");
      told.hidden = false;
      await showSource(true);
      return true;
    }
  }

  async function showSource(isWanted) {
    isSource = isWanted;
    settle();
    if (isSource) return xml.set(copy.read(path) ?? "");
    editor.forget();
    return look(decision);
  }

  /** The decision as the editor draws it, else as boxes. */
  async function look(wanted) {
    inBoxes = "";
    settle();
    if (isSource) {
      decision = wanted;
      return;
    }
    if ((await load(() => editor.open(path, wanted))) === false) {
      decision = inBoxes = wanted;
      boxes.show(path, wanted);
    }
    settle();
  }

  function showPicture() {
    inBoxes = "";
    isSource = false;
    settle();
    return load(() => editor.picture());
  }

  function step(what) {
    if (isSource || inBoxes) copy[what](path);
    else editor.step(what);
  }

  async function drop() {
    const ids = decisionsIn(copy.read(path)).map((one) => one.id);
    const callers = callersOf(studio, ids).map((one) => one.split("/").at(-1));
    const follows = callers.length ? t("这些流程图还在用它：{files}。删去以后要改它们。", { files: callers.join(", ") }) : t("没有流程图用它。以后可以从保存记录里恢复。");
    if (await ask(t("删去“{name}”吗？", { name: titleOf(copy, path) }), follows, t("删去"), t("留着"))) copy.write(path, null);
  }

  return {
    async show({ file, element }) {
      const known = paths();
      path = known.includes(file) ? file : path || known[0] || "";
      head.hidden = !path;
      if (!path) return draw();
      const inside = decisionsIn(copy.read(path)).map((one) => one.id);
      const wanted = decisionOf(copy.read(path), element);
      await look(wanted || inside[0]);
      if (element !== wanted && !inBoxes) editor.showRow(element);
      if (isSource) xml.set(copy.read(path));
      draw();
    },
  };
}
