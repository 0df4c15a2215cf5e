// 条件, of a line out of a gateway; and the ways out of a gateway.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { h } from "../../dom.js";
import { t } from "../../words.js";
import { feel, hint, tick } from "./fields.js";

const isChoice = (bo) => is(bo, "bpmn:ExclusiveGateway") || is(bo, "bpmn:InclusiveGateway");

export const condition = {
  key: "condition",
  title: "线上的条件",
  guide: "什么情况下走这条线。",
  help: "从同一个“选一条路”出去的几条线，条件不能同时成立，也不能都不成立。表单里的选项用它的代码比较，代码用英文双引号括起来。",
  codes: ["engine.exit_without_condition", "engine.condition_ignored", "engine.default_decides"],
  fits: (p) => is(p.bo, "bpmn:SequenceFlow"),
  draw(p) {
    const { sourceRef: source } = p.bo;
    const text = p.bo.conditionExpression?.body ?? "";
    if (!isChoice(source) && !text) return [hint(t("这条线总是走。要按情况走，请从“选一条路”画出去。"))];
    const isDefault = source.default === p.bo;
    return [
      isChoice(source) && tick(p, { key: "default", label: t("其他情况都走这里"), value: isDefault, write: (on) => setDefault(p, source, on), hint: t("各条线的条件都不成立时走。直接决定结果的路，最好写明条件。") }),
      !isDefault && feel(p, { key: "condition", label: t("条件（表达式）"), expects: "boolean", value: text, write: (written) => setCondition(p, written) }),
    ];
  },
};

function setCondition(p, text) {
  p.model.modeling.updateProperties(p.element, { conditionExpression: p.model.formal(text, p.bo) });
}

function setDefault(p, source, on) {
  const gateway = p.canvas.get("elementRegistry").get(source.id);
  p.model.several(() => {
    p.model.modeling.updateProperties(gateway, { default: on ? p.bo : undefined });
    if (on && p.bo.conditionExpression) setCondition(p, "");
  });
}

export const exits = {
  key: "exits",
  title: "走哪条路",
  guide: "每条路的条件。从上到下看，只能有一条成立。",
  help: "点一条路去改它的条件。都不成立时走“其他情况”；没有“其他情况”，案件会停住并报错，所以条件要覆盖所有情形。",
  codes: ["engine.event_gateway"],
  fits: (p) => isChoice(p.bo),
  draw: (p) => [h("ul", { class: "fq-tree" }, (p.bo.outgoing ?? []).map((flow) => h("li", {}, exit(p, flow))))],
};

function exit(p, flow) {
  const words = flow.name || flow.targetRef?.name || flow.id;
  const why = p.bo.default === flow ? t("其他情况") : (flow.conditionExpression?.body ?? t("还没有条件"));
  const go = (event) => {
    event.preventDefault();
    p.canvas.select(flow.id);
  };
  return h("a", { href: "#", onclick: go }, h("span", {}, h("b", {}, words), h("br"), h("code", {}, why)));
}
