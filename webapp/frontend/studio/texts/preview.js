// The document as it will be printed, page by page, on the facts of a scenario.
import { h, icon } from "../dom.js";
import { t } from "../words.js";

const QUIET_MS = 600;

/** {element, soon(), clear()}; what is wrong goes to `told(problems)`, the last good pages stay. */
export function showPages(studio, current, told, go) {
  const state = h("p", { class: "fq-hint", role: "status" });
  const wrong = h("ul", { class: "fq-pageproblems" });
  const pages = h("div", { class: "fq-pages", tabindex: "0", role: "group", "aria-label": t("样张") });
  const element = h("section", { class: "fq-paperside", "aria-label": t("样张") }, h("h2", {}, t("样张")), state, wrong, pages);
  let timer = 0;
  let running = null;

  async function ask() {
    const path = current();
    running?.abort();
    if (!path) return;
    running = new AbortController();
    const slow = setTimeout(() => (state.textContent = t("正在排版…")), 900);
    try {
      const sent = { revision: studio.copy.revision, changes: studio.copy.changes(), path };
      const answer = await studio.server.post("preview/text", sent, running.signal);
      if (path === current()) show(answer);
    } catch (failure) {
      if (failure.name !== "AbortError") state.textContent = failure.message;
    } finally {
      clearTimeout(slow);
    }
  }

  function show(answer) {
    const bad = answer.problems.some((one) => one.severity === "error");
    pages.classList.toggle("is-old", bad);
    if (answer.pages.length) {
      pages.replaceChildren(...answer.pages.map((source, index) => h("img", { src: source, alt: t("第 {n} 页", { n: index + 1 }), draggable: false })));
    }
    state.textContent = bad ? t("改好下面的地方以后会重新排版。") : [sampleWords(answer.sample), pageWords(answer)].filter(Boolean).join(" ");
    wrong.replaceChildren(...answer.problems.map(problem), ...missing(answer.missing));
    told(answer.problems);
  }

  function problem({ severity, line, message }) {
    const isError = severity === "error";
    return h("li", { class: isError ? "is-bad" : "is-warn" }, icon(isError ? "bad" : "over"), h("button", { type: "button", class: "fq-link", onclick: () => go(line) }, t("第 {n} 行", { n: line })), h("span", {}, message));
  }

  function missing(characters) {
    return characters ? [h("li", { class: "is-warn" }, icon("over"), h("span", {}, t("字体里没有这些字：{characters}", { characters })))] : [];
  }

  return {
    element,
    soon(after = QUIET_MS) {
      clearTimeout(timer);
      timer = setTimeout(ask, after);
    },
    clear() {
      pages.replaceChildren();
      wrong.replaceChildren();
      state.textContent = "";
    },
  };
}

function sampleWords(sample) {
  if (!sample?.title) return t("没有场景可以借用数据，空着的地方是要填的。");
  return sample.exact ? t("数据取自场景“{title}”。", { title: sample.title }) : t("没有场景会生成这份文书，数据取自“{title}”，可能有空着的地方。", { title: sample.title });
}

function pageWords({ total, pages }) {
  if (!total) return "";
  return total > pages.length ? t("共 {total} 页，显示前 {shown} 页。", { total, shown: pages.length }) : t("共 {total} 页。", { total });
}
