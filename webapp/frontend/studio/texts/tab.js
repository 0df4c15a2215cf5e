// The tab of texts: documents and what can be put into them at the left, the text, its pages at the right.
import { ask, button, h } from "../dom.js";
import { listFiles } from "../files.js";
import { editText } from "../source/editor.js";
import { t, titled } from "../words.js";
import { makeText } from "./create.js";
import { dropDocumentKind, folder, listKinds, usesOfKind } from "./kinds.js";
import { wordingExtensions } from "./marking.js";
import { drawPalette } from "./palette.js";
import { showPages } from "./preview.js";

export function openTab(studio, room) {
  let path = "";
  let isShown = false;
  const me = {};
  const paths = () => inOrder(studio);
  const place = h("div", { class: "fq-studio-text" });
  const bar = h("header", { class: "fq-formbar" });
  const files = listFiles(studio, { title: t("文书文本"), paths, name: (one) => titleOf(studio, one), open: (one) => studio.tabs.open(one) });
  const editor = editText(place, { nonce: studio.nonce, language: "xml", label: t("文书文本"), readOnly: !studio.told.may_edit, write, more: wordingExtensions(studio) });
  const palette = drawPalette(studio, (text) => path && editor.insert(text));
  const pages = showPages(studio, () => (isShown ? path : ""), mark, (line) => (editor.go(line), editor.focus()));
  const create = button(t("新建文书"), add, { picture: "plus", style: "btn-quiet btn-sm", id: "new-text", disabled: !studio.told.may_edit });
  room.classList.add("is-texts");
  room.append(h("div", { class: "fq-studio-left" }, files.element, h("div", { class: "fq-listacts" }, create), palette.element), h("div", { class: "fq-textdesk" }, bar, place), pages.element);
  studio.copy.onChange((change) => {
    if (change.path === path && change.by !== me) editor.set(studio.copy.read(path) ?? "");
    if (change.path.endsWith(".schema.json")) palette.draw();
    if (isShown) pages.soon();
  });

  function write(text) {
    if (path) studio.copy.write(path, text, me);
  }

  function mark(problems) {
    editor.mark(problems);
  }

  async function add() {
    const made = await makeText(studio);
    if (made) studio.tabs.open(made);
  }

  async function drop() {
    const { kind } = kindOf(studio, path) ?? {};
    const uses = kind ? usesOfKind(studio, kind).map((one) => one.split("/").at(-1)) : [];
    const title = titleOf(studio, path);
    const follows = uses.length ? t("还有 {files} 在用它，删去以后那里会报错。", { files: uses.join(t("、")) }) : t("没有流程图在用它。设置里的这一种文书也一起删去；可以恢复到前一次保存。");
    if (!(await ask(t("删去文书“{title}”？", { title }), follows, t("删去"), t("留着")))) return;
    studio.copy.write(path, null);
    if (kind) dropDocumentKind(studio, kind);
    studio.tabs.open(paths()[0] ?? "");
  }

  function drawBar() {
    const step = (words, act, more) => button(words, act, { style: "btn-quiet btn-sm", disabled: !studio.told.may_edit, ...more });
    const acts = path && h("span", { class: "fq-push fq-row" }, step(t("撤销"), () => studio.copy.undo(path), { picture: "undo" }), step(t("重做"), () => studio.copy.redo(path)), step(t("删去"), drop));
    bar.replaceChildren(...[h("h2", {}, path ? titleOf(studio, path) : t("这里还没有文书。")), acts].filter(Boolean));
  }

  return {
    show({ file, element }) {
      isShown = true;
      const known = paths();
      const next = known.includes(file) ? file : known.includes(path) ? path : (known[0] ?? "");
      if (next !== path) pages.clear();
      path = next;
      files.show(path);
      files.element.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
      editor.set(path ? studio.copy.read(path) : "");
      palette.draw();
      drawBar();
      pages.soon(0);
      if (/^\d+$/.test(element)) editor.go(Number(element));
    },
    leave() {
      isShown = false;
    },
  };
}

/** Texts in the order of package.toml; those it does not name behind. */
function inOrder(studio) {
  const all = studio.copy.list(folder(studio), ".html");
  const named = listKinds(studio).map((one) => one.path);
  return [...new Set([...named.filter((one) => all.includes(one)), ...all])];
}

const kindOf = (studio, path) => listKinds(studio).find((one) => one.path === path);

function titleOf(studio, path) {
  return titled(kindOf(studio, path)?.title) || path.split("/").at(-1);
}
