// 决策 and 调用的图: which table or which diagram a step goes through.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { h } from "../../dom.js";
import { t } from "../../words.js";
import { textOf } from "../model.js";
import { makeDiagram } from "../newdiagram.js";
import { choice, opens, press } from "./fields.js";
import { decisions, processes } from "./offers.js";

export const decision = {
  key: "decision",
  title: "决策",
  guide: "由哪张决策表判断。表的结果可以用在后面的条件里。",
  help: "决策表像一张对照表：左边几列是情况，右边是结果。改规则只改表，不用改图。",
  codes: ["engine.decision_missing"],
  fits: (p) => is(p.bo, "bpmn:BusinessRuleTask"),
  draw(p) {
    const value = textOf(p.bo, "CalledDecisionId");
    const all = decisions(p.studio);
    const known = all.find((one) => one.id === value);
    return [
      choice(p, { key: "decision", label: t("哪张表"), value, options: all.map((one) => [one.id, one.name || one.id]), empty: t("请选择"), write: (id) => p.model.setText(p.element, "CalledDecisionId", id) }),
      known && opens(p, t("打开决策表"), known.path, known.id),
    ];
  },
};

export const called = {
  key: "called",
  title: "调用的图",
  guide: "这一步是一张单独的图，走完那张图再回来。",
  help: "一个阶段一张图，图上不超过二十五个图形，才看得清、改得动。",
  codes: ["engine.call_missing", "engine.calls_itself"],
  fits: (p) => is(p.bo, "bpmn:CallActivity"),
  draw(p) {
    const value = p.bo.calledElement ?? "";
    const all = processes(p.studio).filter((one) => one.path !== p.canvas.path);
    const known = all.find((one) => one.id === value);
    return [
      choice(p, { key: "called", label: t("图"), value, options: all.map((one) => [one.id, one.name || one.id]), empty: t("请选择"), write: (id) => set(p, id) }),
      h("div", { class: "fq-row" }, known && opens(p, t("打开这张图"), known.path), !known && press(p, t("新建一张图"), () => add(p), { picture: "plus" })),
    ];
  },
};

const set = (p, id) => p.model.modeling.updateProperties(p.element, { calledElement: id || undefined });

function add(p) {
  const made = makeDiagram(p.studio, { title: p.bo.name || t("新的阶段"), lanes: p.canvas.laneRoles().slice(0, 2) });
  p.act(() => set(p, made.process), { redraw: true });
  p.studio.tabs.open(made.path);
}
