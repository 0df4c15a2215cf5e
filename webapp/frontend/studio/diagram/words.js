// What the kinds of elements are called in an office.
import { t, titled } from "../words.js";
import { eventOf, kindOf, propertyOf } from "./model.js";

const KINDS = {
  UserTask: "人工任务",
  ManualTask: "线下任务",
  Task: "任务",
  ServiceTask: "平台操作",
  ScriptTask: "计算",
  BusinessRuleTask: "查决策表",
  ReceiveTask: "等回复",
  SendTask: "发消息",
  CallActivity: "阶段",
  SubProcess: "子流程",
  ExclusiveGateway: "选一条路",
  ParallelGateway: "同时进行",
  InclusiveGateway: "包容网关",
  EventBasedGateway: "等先来的",
  StartEvent: "开始",
  EndEvent: "结束",
  IntermediateCatchEvent: "等待",
  IntermediateThrowEvent: "中间事件",
  BoundaryEvent: "边上的事件",
  SequenceFlow: "连线",
  Lane: "泳道",
  Participant: "这张图",
  Process: "这张图",
  Collaboration: "这张图",
  TextAnnotation: "说明文字",
  Association: "说明的连线",
};

const EVENTS = {
  TimerEventDefinition: "期限",
  MessageEventDefinition: "消息",
  ErrorEventDefinition: "出错",
  EscalationEventDefinition: "上报",
  SignalEventDefinition: "信号",
  ConditionalEventDefinition: "条件成立",
  TerminateEventDefinition: "全部终止",
};

/** Its name in the reader's language; "" where it has none. */
export const nameOf = (bo) => titled({ zh: bo.name, en: propertyOf(bo, "name_en") });

/** One or two words for an element: “人工任务”, “边上的事件 · 期限”. */
export function kindWords(bo) {
  const kind = kindOf(bo);
  const event = eventOf(bo);
  const words = KINDS[kind] ? t(KINDS[kind]) : kind;
  const what = event && EVENTS[kindOf(event)];
  return what ? `${words} · ${t(what)}` : words;
}
