// The tab of forms: the forms at the left, the questions as cards, the chosen one at the right, and the
// form as it looks on a phone.
import { button, h } from "../dom.js";
import { listFiles } from "../files.js";
import { t, titled } from "../words.js";
import { drawCards } from "./cards.js";
import { Desk } from "./desk.js";
import { dropForm, makeForm, renameForm, usesOfForm } from "./manage.js";
import { drawPanel } from "./panel.js";
import { showPreview } from "./preview.js";
import { showSource } from "./source.js";
import { readJson } from "./text.js";

const SCHEMA = ".schema.json";

export function openTab(studio, room) {
  const desk = new Desk(studio);
  const paths = () => studio.copy.list(desk.folder, SCHEMA).filter((path) => !path.slice(desk.folder.length).includes("/"));
  const nameOf = (path) => path.slice(desk.folder.length, -SCHEMA.length);
  const titles = new Map();
  const titleOf = (path) => {
    const text = studio.copy.read(path);
    if (titles.get(path)?.text !== text) titles.set(path, { text, title: titleIn(text) || nameOf(path) });
    return titles.get(path).title;
  };
  const names = () => paths().map(nameOf);

  const notice = h("p", { class: "fq-formnote", role: "status" });
  const cards = drawCards(desk, say);
  const panel = drawPanel(desk, say);
  const preview = showPreview(desk, told);
  const source = showSource(desk);
  const files = listFiles(studio, { title: t("表单"), paths, name: titleOf, open: (path) => studio.tabs.open(path) });
  const bar = h("header", { class: "fq-formbar" });
  const main = h("div", { class: "fq-formmain" });
  room.classList.add("is-three");
  room.append(h("div", { class: "fq-studio-left" }, files.element, listActs()), h("div", { class: "fq-formdesk" }, bar, notice, main), panel.element);
  room.addEventListener("keydown", keys);
  desk.onChange(changed);
  let isSource = false;
  let isUsed = false;
  let frame = 0;

  function listActs() {
    return h("div", { class: "fq-listacts" }, button(t("新建表单"), create, { picture: "plus", style: "btn-quiet btn-sm", id: "new-form", disabled: !desk.mayEdit }));
  }

  async function create() {
    const made = await makeForm(studio, desk.folder, names());
    if (made) studio.tabs.open(`${desk.folder}${made}${SCHEMA}`);
  }

  async function rename() {
    const made = await renameForm(desk, names());
    if (made) studio.tabs.open(`${desk.folder}${made}${SCHEMA}`);
  }

  async function drop() {
    const gone = { schema: desk.schemaPath, ui: desk.uiPath };
    const title = titleOf(desk.schemaPath);
    if (!(await dropForm(desk, title))) return;
    studio.tabs.open(paths()[0] ?? "");
    const back = () => {
      for (const path of Object.values(gone)) studio.copy.undo(path);
      studio.tabs.open(gone.schema);
    };
    notice.replaceChildren(t("已删去“{title}”。", { title }), " ", button(t("撤销"), back, { style: "btn-quiet btn-sm" }));
  }

  function say(words, canUndo = false) {
    notice.replaceChildren(words, " ", canUndo ? button(t("撤销"), () => desk.undo(), { style: "btn-quiet btn-sm" }) : "");
  }

  function told(problems) {
    desk.problems = problems;
    cards.draw();
    source.mark();
    const general = problems.filter((one) => !one.place.startsWith("properties."));
    if (problems.length) notice.replaceChildren(h("span", { class: "fq-wrong" }, (general[0] ?? problems[0]).message));
    else if (notice.querySelector(".fq-wrong")) notice.replaceChildren();
  }

  function changed(what) {
    if (what === "form") draw();
    else {
      if (what !== "text") panel.draw();
      // Whoever types waits for nothing: what stands around is drawn once a frame.
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => drawAround(what));
    }
    if (what === "chosen") preview.point();
    else preview.soon();
  }

  function drawAround(what) {
    if (what !== "chosen") files.draw();
    bar.replaceChildren(...barParts());
    cards.draw();
  }

  function draw() {
    isUsed = usesOfForm(studio, desk.name).length > 0;
    if (desk.form.broken && desk.name) isSource = true;
    files.show(desk.schemaPath);
    files.element.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    bar.replaceChildren(...barParts());
    main.className = `fq-formmain${isSource ? " is-source" : ""}`;
    const first = isSource ? source.element : cards.element;
    if (main.firstChild !== first) main.replaceChildren(first, preview.element);
    if (isSource) source.draw();
    cards.draw();
    panel.draw();
  }

  function barParts() {
    if (!desk.name) return [h("p", {}, t("这里还没有表单。"))];
    const quiet = (words, act, more = {}) => button(words, act, { style: "btn-quiet btn-sm", ...more });
    const title = isUsed ? t("流程图或设置在用它，不能改文件名称") : "";
    return [
      h("h2", {}, titleOf(desk.schemaPath)),
      h("span", { class: "fq-push fq-row" }, quiet(t("撤销"), () => desk.undo(), { picture: "undo", disabled: !desk.past.length, id: "form-undo" }), quiet(t("重做"), () => desk.redo(), { disabled: !desk.future.length, id: "form-redo" }), quiet(t("改名"), rename, { disabled: isUsed || !desk.mayEdit, title }), quiet(t("删去"), drop, { disabled: !desk.mayEdit }), quiet(isSource ? t("回到卡片") : t("看源文件"), swap, { id: "form-source", "aria-pressed": String(isSource) })),
    ];
  }

  function swap() {
    isSource = !isSource;
    draw();
    document.getElementById("form-source").focus();
  }

  function keys(event) {
    const typing = event.target.closest("input, textarea, .cm-editor");
    if (typing || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    if (event.shiftKey) desk.redo();
    else desk.undo();
  }

  studio.checks.onCheck(() => files.draw());
  return {
    show({ file, element }) {
      const known = paths();
      const wanted = file.replace(/\.ui\.json$/, SCHEMA);
      const path = known.includes(wanted) ? wanted : known.includes(desk.schemaPath) ? desk.schemaPath : (known[0] ?? "");
      if (path !== desk.schemaPath) {
        isSource = false;
        notice.replaceChildren();
      }
      desk.open(path ? nameOf(path) : "", element);
      draw();
      if (element) cards.element.querySelector('[aria-pressed="true"]')?.scrollIntoView({ block: "nearest" });
      preview.soon(0);
    },
  };
}

function titleIn(text) {
  const { value } = readJson(text ?? "");
  return titled({ zh: value?.title, en: value?.["x-i18n"]?.en?.title });
}
