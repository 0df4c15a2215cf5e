// One scenario in words: who does what, and where it stopped.
import { h, icon } from "../dom.js";
import { t } from "../words.js";
import { diagramOf } from "./read.js";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** What a walk of it came to, and its steps. */
export function showWalk(studio, result) {
  if (!result) return [h("p", { class: "fq-hint" }, t("还没有走过。"))];
  const isGreen = !result.reasons.length;
  const head = h(
    "div",
    { class: `fq-note ${isGreen ? "is-ok" : "is-bad"}`, role: "status" },
    icon(isGreen ? "ok" : "bad"),
    h("div", {}, isGreen ? t("走通了，结果是“{end}”。", { end: result.end }) : h("ul", {}, result.reasons.map((one) => h("li", {}, reason(one)))), result.isStale && h("p", { class: "fq-hint" }, t("这是改动以前的结果，请再走一遍。"))),
  );
  const bad = new Set(result.reasons.map((one) => one.step));
  const start = h("li", { class: bad.has(0) ? "is-bad" : "" }, h("b", {}, t("登记")), " ", h("span", { class: "fq-sub" }, result.role));
  return [head, h("ol", { class: "fq-walk" }, start, result.steps.map((step, at) => line(studio, step, bad.has(at + 1))))];
}

function reason({ step, message }) {
  if (step === null) return message;
  return step === 0 ? t("登记时：{why}", { why: message }) : t("第 {n} 步：{why}", { n: step, why: message });
}

function line(studio, step, isBad) {
  return h("li", { class: isBad ? "is-bad" : step.kind === "task" ? "" : "is-aside" }, says(studio, step), " ", h("span", { class: "fq-sub" }, step.role));
}

function says(studio, { kind, what, title }) {
  if (kind === "advance") return t("时间过了 {time}", { time: spell(Number(what)) });
  if (kind === "message") return t("收到消息 {name}", { name: what });
  const path = diagramOf(studio.copy, what);
  const go = (event) => {
    event.preventDefault();
    studio.tabs.open(path, what);
  };
  return path ? h("a", { href: "#", onclick: go }, title || what) : h("b", {}, title || what);
}

function spell(seconds) {
  if (seconds >= DAY) return t("{n} 天", { n: +(seconds / DAY).toFixed(1) });
  return t("{n} 小时", { n: +(seconds / HOUR).toFixed(1) });
}
