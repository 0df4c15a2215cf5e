// 请人审核: whoever looks after the package chooses whom; they get a notice that leads to the version.
import { button, h } from "../dom.js";
import { t } from "../words.js";

/** Lets the reader choose and tells whoever was chosen; what came of it is said in the bar. */
export async function askApproval(studio, version) {
  const path = `approvers/${version.number}`;
  let approvers;
  try {
    ({ approvers } = await studio.server.get(path));
  } catch (problem) {
    return say(studio, problem);
  }
  const whom = await choose(version, approvers);
  if (whom === null) return undefined;
  studio.saving.say({ style: "is-open", words: t("正在检查这一版"), picture: "sync" });
  try {
    const { message } = await studio.server.post(path, { whom });
    return studio.saving.say({ style: "", words: message });
  } catch (problem) {
    return say(studio, problem);
  }
}

const say = (studio, problem) => studio.saving.say({ style: "is-failed", words: problem.message, picture: "over" });

/** A username, "" for everybody who can be asked, null where the reader thinks better of it. */
function choose(version, approvers) {
  return new Promise((resolve) => {
    const close = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const everybody = h("option", { value: "" }, t("能审核的同志都告诉"));
    const people = approvers.map(({ username, name, unit }) => h("option", { value: username }, t("{name}（{unit}）", { name, unit })));
    const field = h("select", { class: "form-select", id: "ask-whom" }, people.length === 1 ? people : [everybody, ...people]);
    const dialog = h(
      "dialog",
      { class: "fq-dialog", "aria-labelledby": "ask-title", oncancel: () => close(null) },
      h("h2", { id: "ask-title" }, t("请人审核第 {n} 版", { n: version.number })),
      h("p", {}, t("对方会收到通知，打开这一版看改了什么，再决定通过不通过。")),
      h("label", { htmlFor: "ask-whom" }, t("请谁审核")),
      field,
      h("div", { class: "fq-actions" }, button(t("请人审核"), () => close(field.value), { style: "btn-primary" }), button(t("先不请"), () => close(null))),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
