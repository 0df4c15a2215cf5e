// 脚本: lines `name = FEEL`. And the condition of an event that waits for one.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { t } from "../../words.js";
import { eventOf } from "../model.js";
import { feel } from "./fields.js";

export const script = {
  key: "script",
  title: "计算",
  guide: "一行一个：名称 = 怎么算。",
  help: "算出来的名称要在“设置”的办理数据里列出类型。以两条斜线开头的行是注释。括号没有合上之前可以换行。",
  codes: ["engine.script_broken", "engine.writes_read_only"],
  fits: (p) => is(p.bo, "bpmn:ScriptTask"),
  draw(p) {
    const write = (value) => p.model.modeling.updateProperties(p.element, { script: value, scriptFormat: "text/feel" });
    return [feel(p, { key: "script", kind: "script", label: t("算什么"), value: p.bo.script ?? "", write, placeholder: 'ending = "agreed"' })];
  },
};

const isConditional = (bo) => Boolean(eventOf(bo)) && is(eventOf(bo), "bpmn:ConditionalEventDefinition");

export const waiting = {
  key: "waiting",
  title: "等什么条件",
  guide: "条件成立时往下走。",
  help: "每次有人办完一步、数据变了，就看一次条件。",
  codes: [],
  fits: (p) => isConditional(p.bo),
  draw(p) {
    const definition = eventOf(p.bo);
    return [feel(p, { key: "waiting", label: t("条件（表达式）"), expects: "boolean", value: definition.condition?.body ?? "", write: (value) => p.model.change(p.element, definition, { condition: p.model.formal(value, definition) }) })];
  },
};
