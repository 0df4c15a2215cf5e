// What the working copy has otherwise than the version in use, in words and painted on the diagrams.
import { h } from "../dom.js";
import { t } from "../words.js";

const QUIET_MS = 600;
const KINDS = { added: "新增", removed: "已删去", changed: "改动" };
const STYLES = { added: "done", removed: "bad", changed: "warn" };

export function showDifferences(studio, place, head) {
  let timer = 0;
  let isShown = false;
  studio.copy.onChange(() => isShown && soon());

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(ask, QUIET_MS);
  }

  async function ask() {
    head.say(t("正在比较"));
    try {
      const told = await studio.server.post("differences", { revision: studio.copy.revision, changes: studio.copy.changes() });
      draw(told);
    } catch (problem) {
      head.say(problem.message);
    }
  }

  function draw({ against, changes }) {
    head.count(changes.length);
    head.say(against ? t("与使用中的第 {n} 版比", { n: against.number }) : t("还没有使用中的版本"));
    place.replaceChildren(changes.length ? h("ol", { class: "fq-findings" }, changes.map(line)) : h("p", { class: "fq-studio-fine" }, t("没有不同。")));
    if (isShown) studio.marks.show("differences", marksOf(changes));
  }

  const line = (one) =>
    h("li", {}, h("span", { class: `fq-tag is-${STYLES[one.kind]}` }, t(KINDS[one.kind])), h("b", {}, one.part_title || one.part), h("span", {}, one.message, one.details.map((detail) => h("span", { class: "fq-sub" }, ` ${detail}`))), h("span", {}));

  return {
    show() {
      isShown = true;
      ask();
    },
    leave() {
      isShown = false;
      studio.marks.show("");
    },
  };
}

function marksOf(changes) {
  const drawn = changes.filter((one) => one.group === "diagram" && one.kind !== "removed");
  return new Map(drawn.map((one) => [one.element, { style: one.kind, words: one.noun === "sequenceFlow" ? "" : t(KINDS[one.kind]) }]));
}
