// Saves, versions and remarks: what was done, hand the copy in, what comes after.
import { button, h } from "../dom.js";
import { handIn } from "../scenarios/rehearse.js";
import { t } from "../words.js";
import { askApproval } from "./asking.js";
import { commentThread, remark } from "./comments.js";
import { newerThanCopy } from "./offer.js";
import { showSaves } from "./saves.js";
import { bring } from "./take.js";

/** How the platform signs versions it came with. */
const BUILT_IN = "built-in";
const STATES = { draft: "草稿", published: "使用中", retired: "已停用" };
const OPENS = { draft: "打开、发布", published: "打开", retired: "打开、重新启用" };
const STYLES = { draft: "draft", published: "done", retired: "off" };

const panel = (title, ...inside) => h("section", { class: "fq-panel" }, h("header", {}, h("h2", {}, title)), h("div", { class: "fq-panel-body" }, inside));

export function openTab(studio, room) {
  const now = h("div", {});
  const notes = h("textarea", { class: "form-control", rows: 2, maxLength: 2000, id: "hand-in-notes" });
  const versions = h("ul", { class: "fq-items" });
  const saves = h("ul", { class: "fq-items" });
  const remarks = h("ul", { class: "fq-comments" });
  room.classList.add("is-page");
  room.append(
    h(
      "div",
      { class: "fq-versions" },
      panel(
        t("交成版本"),
        now,
        h("p", {}, t("交成版本以后，可以演练、用过去的案件重走、请人审核、发布。版本不会再变，您可以在这里接着改。")),
        h("label", { htmlFor: "hand-in-notes" }, t("这一版改了什么、为什么")),
        notes,
        h("div", { class: "fq-actions" }, button(t("保存并交成版本"), hand, { style: "btn-primary", disabled: !studio.told.may_edit }), button(t("看改了什么"), () => studio.foot.open("differences"), { picture: "diff" })),
      ),
      panel(t("批注"), remarks, commentThread(studio, "", "")),
      panel(t("各个版本"), versions),
      panel(t("每次保存"), h("p", { class: "fq-hint" }, t("两周以内的保存都留着，再往前三个月每天留最后一次，更早的每周留一次。恢复过的、写过批注的、交成版本的一直留着。")), saves),
    ),
  );
  studio.comments.onChange(drawRemarks);
  document.addEventListener("studio:saved", () => room.hidden || draw());

  async function hand() {
    const version = await handIn(studio, notes.value);
    if (!version) return;
    notes.value = "";
    const others = studio.told.versions.filter((one) => one.number !== version.number);
    Object.assign(studio.told, { version: version.number, versions: [version, ...others].sort((one, other) => other.number - one.number) });
    studio.saving.say({ style: "", words: t("已交成第 {n} 版", { n: version.number }) });
    draw();
  }

  function draw() {
    drawNow();
    versions.replaceChildren(...studio.told.versions.map(row));
    showSaves(studio, saves);
    drawRemarks();
  }

  /** What the copy is now, and what can be done with it. */
  function drawNow() {
    const newer = newerThanCopy(studio.told);
    const same = !studio.copy.isChanged && studio.told.versions.find((one) => one.number === studio.told.version);
    now.replaceChildren(
      ...(newer ? [h("p", { class: "fq-note is-info" }, t("第 {n} 版比工作稿新", { n: newer.number }), " ", studio.told.may_edit && button(t("取回"), () => bring(studio, { version: newer.number }), { style: "btn-quiet btn-sm" }))] : []),
      ...(same ? [h("p", { class: "fq-note is-ok" }, t("工作稿就是第 {n} 版。", { n: same.number }), " ", links(same))] : []),
    );
  }

  function links(version) {
    const all = [
      [t("演练"), `${version.url}/rehearse`],
      [t("用过去的案件重走"), `${version.url}/replay`],
      [t(OPENS[version.state]), version.url],
    ];
    const mayAsk = version.state !== "published" && studio.told.may_edit;
    return h("span", { class: "fq-row" }, all.map(([words, href]) => h("a", { href }, words)), mayAsk && button(t("请人审核"), () => askApproval(studio, version), { style: "btn-quiet btn-sm", picture: "users" }));
  }

  function row(one) {
    return h(
      "li",
      { class: "fq-row is-apart" },
      h("span", {}, h("b", {}, t("第 {n} 版", { n: one.number })), " ", h("span", { class: `fq-tag is-${STYLES[one.state]}` }, t(STATES[one.state])), " ", one.author === BUILT_IN ? t("系统自带") : one.author, " ", h("span", { class: "fq-sub" }, one.notes)),
      h("span", { class: "fq-row" }, links(one), studio.told.may_edit && one.number !== studio.told.version && button(t("从这一版改起"), () => bring(studio, { version: one.number }), { style: "btn-quiet btn-sm" })),
    );
  }

  function drawRemarks() {
    const all = studio.comments.all.filter((one) => one.file || one.element);
    const sorted = [...all].sort((one, other) => Boolean(one.settled_by) - Boolean(other.settled_by));
    const nothing = h("li", { class: "fq-hint" }, t("还没有批注。图上选中一处，在右边“批注”里写；没有解决的，图上有标记。"));
    remarks.replaceChildren(...(sorted.length ? sorted.map((one) => remark(studio, one, place(one))) : [nothing]));
  }

  function place(one) {
    const go = (event) => {
      event.preventDefault();
      studio.tabs.open(one.file, one.element);
    };
    return h("a", { href: "#", onclick: go }, nameOf(one));
  }

  /** What the element is called in its diagram. */
  function nameOf({ file, element }) {
    const text = studio.copy.read(file);
    if (!element || typeof text !== "string") return element || file.split("/").at(-1);
    const drawn = new DOMParser().parseFromString(text, "application/xml");
    return drawn.querySelector(`[id="${CSS.escape(element)}"]`)?.getAttribute("name") || element;
  }

  return { show: draw };
}
