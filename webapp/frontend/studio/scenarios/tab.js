// The tab of scenarios: all of them with how they went, one in words and as data, what they pass.
import { ask, button, h, icon } from "../dom.js";
import { editText } from "../source/editor.js";
import { t } from "../words.js";
import { showCoverage } from "./coverage.js";
import { askForScenario } from "./create.js";
import { nameOf, scenarioPaths, titleOf } from "./read.js";
import { rehearse } from "./rehearse.js";
import { showWalk } from "./steps.js";
import { Walks } from "./walks.js";

export function openTab(studio, room) {
  const { copy } = studio;
  const me = {};
  const walks = new Walks(studio);
  const mayEdit = studio.told.may_edit;
  const tree = h("ul", { class: "fq-tree" });
  const progress = h("p", { class: "fq-hint", role: "status" });
  const title = h("h2", {});
  const walk = h("div", { class: "fq-scenario-walk", tabIndex: 0, role: "region", "aria-label": t("这个场景") });
  const text = h("div", { class: "fq-studio-text", hidden: true });
  const right = h("aside", { class: "fq-studio-right fq-coverage", "aria-label": t("走到了哪里") });
  const runAll = button(t("运行场景"), () => (walks.isRunning ? walks.stop() : walks.runAll()), { picture: "play", style: "btn-primary btn-sm" });
  const source = button(t("改数据"), () => showSource(text.hidden), { picture: "pen", style: "btn-quiet btn-sm" });
  const acts = [
    button(t("走这一个"), () => walks.add(nameOf(path)), { picture: "play", style: "btn-quiet btn-sm" }),
    source,
    button(t("删去"), () => drop(), { style: "btn-quiet btn-sm", disabled: !mayEdit }),
  ];
  room.classList.add("is-three");
  room.append(
    h("div", { class: "fq-studio-list" }, h("h2", {}, t("场景")), h("div", { class: "fq-studio-add fq-scenario-acts" }, runAll, button(t("演练"), () => rehearse(studio), { style: "btn-quiet btn-sm", disabled: !mayEdit, title: t("自己走一遍，像真的办案；走完可以存为场景") }), button(t("新建场景"), () => askForScenario(studio, path), { picture: "plus", style: "btn-quiet btn-sm", disabled: !mayEdit }), progress), tree),
    h("div", { class: "fq-scenario-pane" }, h("div", { class: "fq-decision-head" }, title, h("span", { class: "fq-push" }), acts), walk, text),
    right,
  );
  let path = "";
  const editor = editText(text, { nonce: studio.nonce, language: "json", label: t("场景的数据"), readOnly: !mayEdit, write: (typed) => copy.write(path, typed, me) });
  const coverage = showCoverage(studio, right, walks);
  walks.onChange(draw);
  studio.checks.onCheck(() => {
    mark();
    list();
  });
  copy.onChange((change) => {
    if (change.path !== path || change.by === me) return;
    if (copy.read(path) === null) return studio.tabs.open(scenarioPaths(copy)[0] ?? "");
    editor.set(copy.read(path));
  });

  function draw() {
    const left = walks.waiting.length;
    runAll.replaceChildren(icon(walks.isRunning ? "x" : "play"), walks.isRunning ? t("停下") : t("运行场景"));
    progress.textContent = walks.broken || (walks.isRunning ? t("正在走第 {n} 个，共 {total} 个", { n: walks.total - left + 1, total: walks.total }) : summary());
    list();
    title.textContent = path ? titleOf(copy, path) : t("还没有场景");
    for (const act of acts) act.hidden = !path;
    walk.replaceChildren(...(path ? showWalk(studio, walks.results.get(nameOf(path))) : []));
    coverage.draw();
  }

  function summary() {
    const all = [...walks.results.values()];
    const bad = all.filter((one) => one.reasons.length).length;
    if (!all.length) return t("{n} 个场景，还没有走过", { n: scenarioPaths(copy).length });
    return bad ? t("{n} 个走通，{bad} 个走不通", { n: all.length - bad, bad }) : t("{n} 个都走通了", { n: all.length });
  }

  function list() {
    tree.replaceChildren(...scenarioPaths(copy).map(row));
  }

  function row(one) {
    const result = walks.results.get(nameOf(one));
    const isBroken = studio.checks.of(one).some((found) => found.severity === "error");
    const isBad = isBroken || result?.reasons.length > 0;
    const state = isBad ? icon("bad", t("走不通")) : result && icon("ok", t("走通"));
    const style = `${isBad ? "" : "is-green"} ${result?.isStale ? "is-stale" : ""}`;
    const go = (event) => {
      event.preventDefault();
      studio.tabs.open(one);
    };
    return h("li", {}, h("a", { href: "#", class: style, onclick: go, "aria-current": one === path ? "true" : null }, h("span", {}, titleOf(copy, one)), state));
  }

  function mark() {
    if (path) editor.mark(studio.checks.of(path));
  }

  function showSource(isShown) {
    text.hidden = !isShown;
    walk.hidden = isShown;
    source.replaceChildren(icon(isShown ? "task" : "pen"), isShown ? t("看步骤") : t("改数据"));
    if (!isShown && path) walks.add(nameOf(path));
    else mark();
  }

  async function drop() {
    if (await ask(t("删去场景“{name}”吗？", { name: titleOf(copy, path) }), t("以后可以从保存记录里恢复。"), t("删去"), t("留着"))) copy.write(path, null);
  }

  return {
    show({ file }) {
      const known = scenarioPaths(copy);
      path = known.includes(file) ? file : known.includes(path) ? path : known.find((one) => one.endsWith("/happy.json")) ?? known[0] ?? "";
      editor.set(path ? copy.read(path) : "");
      mark();
      draw();
      const hasErrors = studio.checks.of(path).some((one) => one.severity === "error");
      if (hasErrors && text.hidden) showSource(true);
      else if (path && !walks.results.has(nameOf(path)) && !walks.waiting.includes(nameOf(path))) walks.add(nameOf(path));
    },
  };
}
