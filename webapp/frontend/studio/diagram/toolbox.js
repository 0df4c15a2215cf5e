// What can be put on a diagram, at the left: drag it onto the canvas, or press to place it.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { h } from "../dom.js";
import { t } from "../words.js";

const TOOLS = [
  ["开始", "start-event-none", { type: "bpmn:StartEvent" }],
  ["结束", "end-event-none", { type: "bpmn:EndEvent" }],
  ["人工任务", "user-task", { type: "bpmn:UserTask" }],
  ["查决策表", "business-rule-task", { type: "bpmn:BusinessRuleTask" }],
  ["选一条路", "gateway-xor", { type: "bpmn:ExclusiveGateway" }],
  ["同时进行", "gateway-parallel", { type: "bpmn:ParallelGateway" }],
  ["等到期限", "intermediate-event-catch-timer", { type: "bpmn:IntermediateCatchEvent", eventDefinitionType: "bpmn:TimerEventDefinition" }],
  ["等回复", "receive-task", { type: "bpmn:ReceiveTask" }],
  ["平台操作", "service-task", { type: "bpmn:ServiceTask" }],
  ["计算", "script-task", { type: "bpmn:ScriptTask" }],
  ["阶段", "call-activity", { type: "bpmn:CallActivity" }],
  ["子流程", "subprocess-expanded", { type: "bpmn:SubProcess", isExpanded: true }],
];

export function toolbox(studio, canvas) {
  if (!studio.told.may_edit) return "";
  const grid = h("div", { class: "fq-toolbox" }, TOOLS.map((tool) => item(canvas, tool)));
  return h("section", {}, h("h2", {}, t("加一个图形")), grid);
}

function item(canvas, [words, picture, wanted]) {
  const begin = (event) => {
    event.preventDefault();
    canvas.get("create").start(event, shapes(canvas, wanted));
  };
  const press = (event) => (event.detail === 0 ? append(canvas, wanted) : begin(event));
  return h("button", { type: "button", draggable: true, ondragstart: begin, onclick: press }, h("span", { class: `bpmn-icon-${picture}`, "aria-hidden": "true" }), t(words));
}

function shapes(canvas, wanted) {
  const factory = canvas.get("elementFactory");
  const made = factory.createShape(wanted);
  if (!is(made, "bpmn:SubProcess")) return made;
  return [made, factory.createShape({ type: "bpmn:StartEvent", x: 40, y: 82, parent: made })];
}

/** From the keyboard: behind what is chosen, else into the middle of the first lane. */
function append(canvas, wanted) {
  const made = canvas.get("elementFactory").createShape(wanted);
  const { selected } = canvas;
  const mayFollow = selected && is(selected, "bpmn:FlowNode") && !is(selected, "bpmn:EndEvent") && !is(made, "bpmn:StartEvent");
  if (mayFollow) return canvas.get("autoPlace").append(selected, made);
  const pool = canvas.get("elementRegistry").find((one) => is(one, "bpmn:Participant")) ?? canvas.get("canvas").getRootElement();
  const view = canvas.get("canvas").viewbox();
  const shape = canvas.get("modeling").createShape(made, { x: Math.round(view.x + view.width / 2), y: Math.round(view.y + view.height / 2) }, pool);
  return canvas.get("selection").select(shape);
}
