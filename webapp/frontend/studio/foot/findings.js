// The list of findings, and how many each tab has.
import { h, icon, refill } from "../dom.js";
import { fixOf } from "../fixes.js";
import { tabOf } from "../tabs.js";
import { t } from "../words.js";

const clock = (at) => `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;

/** Path of the file a finding names; findings name files inside their tree. */
export function pathOf(studio, finding) {
  if (!finding.file) return "";
  return studio.copy.list().find((path) => path === finding.file || path.endsWith(`/${finding.file}`)) ?? "";
}

export function showFindings(studio, place, head) {
  const tabs = [...studio.part("tabs").querySelectorAll("a")];
  studio.checks.onCheck((checks) => {
    const errors = checks.findings.filter((one) => one.severity === "error");
    head.count(checks.findings.length, errors.length > 0);
    head.say(summary(checks));
    const lines = checks.findings.map((one) => read(studio, one));
    refill(place, [Boolean(checks.at), lines], () => list(studio, checks, lines));
    for (const link of tabs) countErrors(link, errors);
  });
  return {};
}

function summary(checks) {
  if (checks.failed) return checks.failed;
  if (!checks.at) return checks.running ? t("正在检查") : "";
  return t("{time} 检查，用时 {took} 秒", { time: clock(checks.at), took: (checks.took / 1000).toFixed(1) });
}

function countErrors(link, errors) {
  const mine = errors.filter((one) => one.file && tabOf(one.file) === link.dataset.tab).length;
  const count = link.querySelector(".fq-count");
  count.hidden = !mine;
  count.textContent = mine ? String(mine) : "";
  link.title = mine ? t("{n} 处错误", { n: mine }) : "";
}

/** What a line shows of a finding: {path, name, fix}. */
function read(studio, finding) {
  const path = pathOf(studio, finding);
  const name = nameOf(studio.copy.read(path), finding.element) || finding.element || finding.file || "";
  return { finding, path, name, fix: fixOf(studio, finding)?.words ?? "" };
}

function list(studio, checks, lines) {
  if (!checks.findings.length && checks.at) {
    return h("p", { class: "fq-studio-fine" }, icon("ok"), t("没有发现问题。场景要另外运行。"));
  }
  return h("ol", { class: "fq-findings is-numbered" }, lines.map((one) => line(studio, one)));
}

function line(studio, { finding, path, name, fix }) {
  const isError = finding.severity === "error";
  const mend = () => fixOf(studio, finding)?.act();
  return h(
    "li",
    {},
    h("span", { class: `fq-tag is-${isError ? "bad" : "warn"}` }, icon(isError ? "bad" : "over"), isError ? t("错误") : t("提醒")),
    h("b", {}, name),
    h("span", {}, finding.message),
    h(
      "span",
      { class: "fq-row" },
      fix && h("button", { type: "button", class: "btn btn-quiet btn-sm", onclick: mend }, fix),
      path && h("a", { href: "#", onclick: (event) => go(event, studio, path, finding) }, t("去修改")),
    ),
  );
}

/** What an element is called in its file, "" where it has no name or the file none of it. */
function nameOf(text, element) {
  if (typeof text !== "string" || !element) return "";
  const tag = new RegExp(`<[^<>]*\\bid="${element.replace(/[^\w-]/g, "")}"[^<>]*>`).exec(text)?.[0] ?? "";
  return /\bname="([^"]*)"/.exec(tag)?.[1] ?? "";
}

function go(event, studio, path, finding) {
  event.preventDefault();
  studio.tabs.open(path, finding.element ?? "");
}
