// The list of findings at the foot, and how many each tab has.
import { h, icon } from "./dom.js";
import { fixOf } from "./fixes.js";
import { tabOf } from "./tabs.js";
import { t } from "./words.js";

/** Path of the file a finding names; findings name files inside their tree. */
export function pathOf(studio, finding) {
  if (!finding.file) return "";
  const known = studio.copy.list();
  return known.find((path) => path === finding.file || path.endsWith(`/${finding.file}`)) ?? "";
}

export function showFindings(studio) {
  const foot = studio.part("foot");
  const counts = [...studio.part("tabs").querySelectorAll("a")];
  studio.checks.onCheck((checks) => {
    foot.replaceChildren(head(checks), list(studio, checks));
    for (const link of counts) {
      const mine = checks.findings.filter((one) => one.file && tabOf(one.file) === link.dataset.tab);
      const errors = mine.filter((one) => one.severity === "error").length;
      const count = link.querySelector(".fq-count");
      count.hidden = !errors;
      count.textContent = errors ? String(errors) : "";
      link.title = errors ? t("{n} 处错误", { n: errors }) : "";
    }
  });
}

function head(checks) {
  const errors = checks.findings.filter((one) => one.severity === "error").length;
  const rest = checks.findings.length - errors;
  const words = checks.failed
    ? checks.failed
    : checks.running && !checks.at
      ? t("正在检查")
      : t("{errors} 处错误，{rest} 处提醒", { errors, rest });
  const when = checks.at
    ? t("{time} 检查，用时 {took} 秒", { time: clock(checks.at), took: (checks.took / 1000).toFixed(1) })
    : "";
  return h("header", { class: "fq-studio-foothead" }, h("h2", {}, t("检查结果")), h("span", { role: "status" }, words), h("span", { class: "fq-push fq-hint" }, when));
}

const clock = (at) => `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;

function list(studio, checks) {
  if (!checks.findings.length && checks.at) {
    return h("p", { class: "fq-studio-fine" }, icon("ok"), t("没有发现问题。场景要另外运行。"));
  }
  return h("ol", { class: "fq-findings" }, checks.findings.map((one) => line(studio, one)));
}

function line(studio, finding) {
  const isError = finding.severity === "error";
  const path = pathOf(studio, finding);
  const fix = fixOf(studio, finding);
  const tag = h("span", { class: `fq-tag is-${isError ? "bad" : "warn"}` }, icon(isError ? "bad" : "over"), isError ? t("错误") : t("提醒"));
  const where = h("b", {}, finding.element ?? finding.file ?? "");
  return h(
    "li",
    {},
    tag,
    where,
    h("span", {}, finding.message),
    h(
      "span",
      { class: "fq-row" },
      fix && h("button", { type: "button", class: "btn btn-quiet btn-sm", onclick: fix.act }, fix.words),
      path && h("a", { href: "#", onclick: (event) => go(event, studio, path, finding) }, t("去修改")),
    ),
  );
}

function go(event, studio, path, finding) {
  event.preventDefault();
  studio.tabs.open(path, finding.element ?? "");
}
