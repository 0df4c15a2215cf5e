// A tab over text files: the list at the left, the text at the right. For parts of a package whose own
// editor stands beside it, and for experts.
import { h } from "../dom.js";
import { listFiles } from "../files.js";
import { t } from "../words.js";
import { editText } from "./editor.js";

/** {show, leave} of a tab that edits the files `paths()` as texts. */
export function openSourceTab(studio, room, { title, paths, name, language }) {
  let path = "";
  const me = {};
  const place = h("div", { class: "fq-studio-text" });
  const files = listFiles(studio, { title, paths, name, open: (one) => studio.tabs.open(one) });
  const editor = editText(place, {
    nonce: studio.nonce,
    language,
    label: title,
    readOnly: !studio.told.may_edit,
    write: (text) => studio.copy.write(path, text, me),
  });
  const mark = () => path && editor.mark(studio.checks.of(path));
  studio.checks.onCheck(mark);
  studio.copy.onChange((change) => change.by !== me && change.path === path && editor.set(studio.copy.read(path) ?? ""));
  room.classList.add("is-two");
  room.append(files.element, place);
  return {
    show({ file }) {
      path = paths().includes(file) ? file : (paths()[0] ?? "");
      files.show(path);
      editor.set(path ? studio.copy.read(path) : t("这里还没有文件。"));
      mark();
    },
  };
}
