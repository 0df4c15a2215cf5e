// Somebody else saved in between: both are shown, nothing is thrown away.
import { button, h } from "./dom.js";
import { t } from "./words.js";

/** Lets the reader choose file by file; true where the result shall be saved now. `before`: the files the
    reader's changes were made on. */
export function showOvertaken(studio, theirs, before = studio.copy.saved) {
  const { copy } = studio;
  const changed = (path) => JSON.stringify(theirs.files[path] ?? null) !== JSON.stringify(before.get(path) ?? null);
  const both = Object.keys(copy.changes()).filter(changed);
  return new Promise((resolve) => {
    const close = (go) => {
      dialog.close();
      dialog.remove();
      resolve(go);
    };
    const accept = () => {
      const mine = copy.changes();
      for (const row of dialog.querySelectorAll("fieldset")) {
        if (row.querySelector("input:checked").value === "theirs") delete mine[row.dataset.path];
      }
      for (const [path, content] of Object.entries(copy.changes())) if (!(path in mine)) copy.remember(path, content);
      copy.changed.clear();
      copy.take(theirs);
      for (const path of new Set([...before.keys(), ...copy.saved.keys()])) if (!(path in mine)) copy.put(path, copy.read(path), null);
      for (const [path, content] of Object.entries(mine)) copy.put(path, content, null);
      close(true);
    };
    const dialog = h(
      "dialog",
      { class: "fq-dialog", "aria-labelledby": "overtaken-title", oncancel: () => close(false) },
      h("h2", { id: "overtaken-title" }, t("{who} 已经保存过", { who: theirs.saved?.who ?? "" })),
      h("p", {}, both.length ? t("两边都改了下面的文件，请逐个选用哪一边。其余文件两边的修改都会保留。") : t("两边改的是不同的文件，合在一起保存不会丢东西。")),
      both.map((path) => choice(studio, theirs, path)),
      h("div", { class: "fq-actions" }, button(t("合在一起保存"), accept, { style: "btn-primary" }), button(t("先不保存"), () => close(false))),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}

function choice(studio, theirs, path) {
  const one = (value, words, content) =>
    h("div", {}, h("label", { class: "fq-check" }, h("input", { type: "radio", name: path, value, checked: value === "mine" }), " ", words), h("pre", { class: "fq-studio-source", tabindex: "0" }, shown(content)));
  return h(
    "fieldset",
    { class: "fq-studio-both", "data-path": path },
    h("legend", {}, path.split("/").at(-1)),
    one("mine", t("用我改的"), studio.copy.read(path)),
    one("theirs", t("用 {who} 保存的", { who: theirs.saved?.who ?? "" }), theirs.files[path] ?? null),
  );
}

function shown(content) {
  if (content === null) return t("（删去了）");
  return typeof content === "string" ? content : t("（不是文字）");
}
