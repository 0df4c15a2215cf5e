// Every save: when, by whom, what it changed, and back to it.
import { button, h } from "../dom.js";
import { t } from "../words.js";
import { bring } from "./take.js";

/** Draws the list into `place`. */
export async function showSaves(studio, place) {
  const { saves } = await studio.server.get("saves");
  place.replaceChildren(...(saves.length ? saves.map((one) => row(studio, one)) : [h("li", { class: "fq-hint" }, t("还没有保存过，工作稿与第 {n} 版相同。", { n: studio.told.from_version }))]));
}

function row(studio, one) {
  const changed = h("div", { class: "fq-save-changes" });
  const details = h("details", { class: "fq-save", ontoggle: () => details.open && !changed.childElementCount && load() }, h("summary", {}, h("b", {}, t("第 {n} 次", { n: one.number })), ` ${one.day} ${one.time} ${one.who} `, h("span", { class: "fq-sub" }, story(one))), changed);

  async function load() {
    changed.replaceChildren(h("p", { class: "fq-hint" }, t("正在比较")));
    try {
      const { changes } = await studio.server.get(`saves/${one.number}`);
      changed.replaceChildren(changes.length ? h("ul", {}, changes.map(line)) : h("p", { class: "fq-hint" }, t("没有改意思，只是挪了位置或者改了写法。")));
    } catch (problem) {
      changed.replaceChildren(h("p", { class: "fq-hint" }, problem.message));
    }
  }

  const isNow = one.number === studio.copy.revision;
  return h("li", { class: "fq-row is-apart" }, details, isNow ? h("span", { class: "fq-tag is-info" }, t("现在的")) : studio.told.may_edit && button(t("恢复到这一次"), () => bring(studio, { save: one.number }), { style: "btn-quiet btn-sm" }));
}

const story = (one) => (one.restored ? t("恢复了第 {n} 次保存", { n: one.restored }) : one.notes);

const line = (one) => h("li", {}, h("b", {}, one.part_title || one.part), " ", one.message, one.details.map((detail) => h("span", { class: "fq-sub" }, ` ${detail}`)));
