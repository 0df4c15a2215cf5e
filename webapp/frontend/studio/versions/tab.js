// Saves and versions: bring one back, hand the working copy in.
import { button, h } from "../dom.js";
import { t } from "../words.js";

const STATES = { draft: "草稿", published: "使用中", retired: "已停用" };

export function openTab(studio, room) {
  const saves = h("ul", { class: "fq-items" });
  const versions = h("ul", { class: "fq-items" });
  const notes = h("textarea", { class: "form-control", rows: 2, maxLength: 2000, id: "hand-in-notes" });
  const handIn = h(
    "section",
    { class: "fq-panel" },
    h("header", {}, h("h2", {}, t("交成版本"))),
    h("div", { class: "fq-panel-body" }, h("p", {}, t("交成版本以后，可以演练、用过去的案件重走、请人审核、发布。版本不会再变，您可以在这里接着改。")), h("label", { htmlFor: "hand-in-notes" }, t("这一版改了什么、为什么")), notes, h("div", { class: "fq-actions" }, button(t("保存并交成版本"), hand, { style: "btn-primary", disabled: !studio.told.may_edit }))),
  );
  room.classList.add("is-page");
  room.append(handIn, h("section", { class: "fq-panel" }, h("header", {}, h("h2", {}, t("各个版本"))), versions), h("section", { class: "fq-panel" }, h("header", {}, h("h2", {}, t("每次保存"))), saves));

  async function hand() {
    if (!(await studio.saving.save(notes.value))) return;
    try {
      const { version } = await studio.server.post("hand-in", { revision: studio.copy.revision, notes: notes.value });
      location.href = version.url;
    } catch (problem) {
      studio.saving.say({ style: "is-failed", words: problem.message, picture: "over" });
    }
  }

  async function bring(wanted) {
    try {
      studio.copy.take(await studio.server.post("restore", wanted));
      location.reload();
    } catch (problem) {
      studio.saving.say({ style: "is-failed", words: problem.message, picture: "over" });
    }
  }

  async function show() {
    const told = await studio.server.get("saves");
    saves.replaceChildren(
      ...told.saves.map((one) =>
        h("li", { class: "fq-row is-apart" }, h("span", {}, h("b", {}, t("第 {n} 次", { n: one.number })), ` ${one.day} ${one.time} ${one.who} `, h("span", { class: "fq-sub" }, one.notes)), one.number !== studio.copy.revision && button(t("恢复到这一次"), () => bring({ save: one.number }), { style: "btn-quiet btn-sm" })),
      ),
    );
    versions.replaceChildren(
      ...studio.told.versions.map((one) =>
        h("li", { class: "fq-row is-apart" }, h("span", {}, h("a", { href: one.url }, t("第 {n} 版", { n: one.number })), ` ${t(STATES[one.state])} `, h("span", { class: "fq-sub" }, one.notes)), button(t("从这一版改起"), () => bring({ version: one.number }), { style: "btn-quiet btn-sm" })),
      ),
    );
  }
  return { show };
}
