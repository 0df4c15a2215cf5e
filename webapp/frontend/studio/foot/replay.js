// Past cases walked through the working copy: how many come out otherwise, and where.
import { button, h } from "../dom.js";
import { t } from "../words.js";

const EVERY_MS = 2000;

export function showReplay(studio, place, head) {
  let isShown = false;
  let number = studio.told.version;
  let timer = 0;

  async function order() {
    if (!(await studio.saving.save())) return;
    head.say(t("正在交成版本"));
    try {
      const { version } = await studio.server.post("hand-in", { revision: studio.copy.revision });
      number = version.number;
      draw(await studio.server.post(`replay/${number}`, {}));
    } catch (problem) {
      head.say(problem.message);
    }
  }

  async function look() {
    clearTimeout(timer);
    if (!isShown) return;
    if (!number) return draw({ job: null, partings: [] });
    try {
      draw(await studio.server.get(`replay/${number}`));
    } catch (problem) {
      head.say(problem.message);
    }
  }

  function draw({ job, partings, url }) {
    const again = button(job ? t("再重走一次") : t("用最近 200 件过去的案件重走"), order, { picture: "history", style: "btn-quiet btn-sm", disabled: !studio.told.may_edit });
    if (!job) {
      place.replaceChildren(h("div", { class: "fq-foot-body" }, h("p", {}, t("过去办过的案件照当时填的内容在这份工作稿里再走一遍：哪些走向不变，哪些不同，在哪一步。只在内存里走，不动任何案件。")), again));
      return;
    }
    if (job.state === "open") timer = setTimeout(look, EVERY_MS);
    head.say(t("第 {n} 版，已走 {done} 件，共 {total} 件", { n: number, done: job.done, total: job.total }));
    const counts = job.counts.map((one) => h("span", {}, one.name, " ", h("b", {}, String(one.runs))));
    place.replaceChildren(
      h("div", { class: "fq-foot-body fq-row" }, counts, h("a", { href: url }, t("逐件看")), again),
      h("ol", { class: "fq-findings" }, partings.map(line)),
    );
    studio.marks.show("replay", new Map(partings.map((one) => [one.element, { style: one.verdict === "stuck" ? "stuck" : "parted", words: t("{n} 件", { n: one.runs }) }])));
  }

  const line = (one) =>
    h("li", {}, h("span", { class: `fq-tag is-${one.verdict === "stuck" ? "bad" : "warn"}` }, one.name), h("b", {}, one.title || one.element), h("span", {}, t("{n} 件", { n: one.runs })), h("span", {}));

  return {
    show() {
      isShown = true;
      look();
    },
    leave() {
      isShown = false;
      clearTimeout(timer);
      studio.marks.show("");
    },
  };
}
