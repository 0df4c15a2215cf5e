// 期限: which rule counts, from which day; how urgent a task is.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { t } from "../../words.js";
import { eventOf, propertyOf } from "../model.js";
import { choice, feel, hint, press } from "./fields.js";
import { h } from "../../dom.js";

const PLAIN = /^\s*=?\s*deadline\(\s*\x22([^\x22]*)\x22\s*,([\s\S]*)\)\s*$/;
const isPerson = (bo) => is(bo, "bpmn:UserTask") || is(bo, "bpmn:ManualTask");
const isTimer = (bo) => Boolean(eventOf(bo)) && is(eventOf(bo), "bpmn:TimerEventDefinition");

const TIMER_CODES = ["engine.rule_unknown", "engine.rule_not_literal", "engine.timer_not_deadline", "engine.timer_constant", "engine.raw_timer", "engine.timer_here"];

/** Of an event that waits for a time limit. */
export const timing = {
  key: "timing",
  title: "期限",
  guide: "到了期限，案件自动走这条路；提前几天提醒由期限规则定。",
  help: "选一条期限规则（几天、几个工作日、依据哪一条由规则定），再说从哪一天起算。暂停、延长、节假日顺延都由规则管，图上不用画。",
  codes: TIMER_CODES,
  fits: (p) => isTimer(p.bo),
  draw: ofTimer,
};

/** Of an activity: the clocks on its border, and how urgent it is. */
export const limits = {
  key: "limits",
  title: "期限和缓急",
  guide: "办到什么时候为止，到期怎么走。",
  help: "期限是边上的一个钟，到期以后从钟那里往下走。一件事只画一个会停办的期限；提前提醒由期限规则定，不用画。",
  codes: ["engine.two_timers", "engine.priority"],
  fits: (p) => is(p.bo, "bpmn:Activity"),
  draw: ofActivity,
};

const rules = (p) => p.studio.told.vocabulary.rules.map(({ key, title }) => [key, title]);

function ofTimer(p) {
  const definition = eventOf(p.bo);
  const text = definition.timeDate?.body ?? definition.timeDuration?.body ?? definition.timeCycle?.body ?? "";
  const put = (written) => p.model.change(p.element, definition, { timeDate: p.model.formal(written, definition), timeDuration: undefined, timeCycle: undefined });
  const plain = splitDeadline(text);
  if (!plain) return [feel(p, { key: "timer", label: t("期限"), value: text, write: put, hint: t("按情况选规则：每种情况都写成 deadline(规则, 起算日)，规则用英文双引号括起来。") })];
  const write = (rule, base) => put(rule || base ? deadline(rule, base) : "");
  return [
    choice(p, { key: "rule", label: t("规则"), value: plain.rule, options: rules(p), empty: t("请选择"), write: (rule) => write(rule, plain.base || "today") }),
    feel(p, { key: "base", label: t("从哪一天起算"), expects: "date", value: plain.base, write: (base) => write(splitDeadline(textNow(definition))?.rule ?? plain.rule, base), hint: t("一个日期，比如 today（走到这里的那天）或者表单里填的日期。") }),
    is(p.bo, "bpmn:BoundaryEvent") && hint(p.bo.cancelActivity === false ? t("到期以后，原来的事接着办；旁边走出一条路，只放自动步骤。") : t("到期以后，原来的事不再办，从这里往下走。")),
  ];
}

const textNow = (definition) => definition.timeDate?.body ?? "";
const deadline = (rule, base) => `deadline("${rule}", ${base})`;

/** {rule, base} of `deadline("rule", base)`; {"" , ""} of nothing; null of anything else. */
export function splitDeadline(text) {
  if (!text.trim()) return { rule: "", base: "" };
  const found = PLAIN.exec(text);
  return found && !found[2].includes("deadline(") ? { rule: found[1], base: found[2].trim() } : null;
}

function ofActivity(p) {
  const timers = (p.element.attachers ?? []).filter((one) => isTimer(one.businessObject));
  return [
    ...timers.map((one) => h("p", {}, h("a", { href: "#", onclick: (event) => choose(event, p, one) }, one.businessObject.name || one.id), " ", wordsOf(p, one.businessObject))),
    !timers.length && press(p, t("加一个期限"), () => p.act(() => attach(p), { redraw: true }), { picture: "clock" }),
    isPerson(p.bo) && choice(p, { key: "priority", label: t("急不急"), value: propertyOf(p.bo, "priority"), options: [["1", t("优先")], ["2", t("紧急")]], empty: t("平常"), write: (value) => p.model.setProperty(p.element, "priority", value) }),
  ];
}

function wordsOf(p, bo) {
  const { rule } = splitDeadline(textNow(eventOf(bo))) ?? {};
  return rules(p).find(([key]) => key === rule)?.[1] ?? rule ?? "";
}

function choose(event, p, one) {
  event.preventDefault();
  p.canvas.select(one.id);
}

/** A clock on the lower border, interrupting. */
function attach(p) {
  const { element } = p;
  const shape = p.canvas.get("elementFactory").createShape({ type: "bpmn:BoundaryEvent", eventDefinitionType: "bpmn:TimerEventDefinition" });
  const made = p.model.modeling.createShape(shape, { x: element.x + element.width - 20, y: element.y + element.height }, element, { attach: true });
  p.canvas.get("selection").select(made);
}
