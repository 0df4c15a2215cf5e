// Ids of new elements: lower case, free in the whole package, saying what is done.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { kindOf } from "../model.js";

const STEMS = {
  UserTask: "do",
  ManualTask: "do",
  Task: "do",
  ServiceTask: "call",
  ScriptTask: "set",
  BusinessRuleTask: "decide",
  ReceiveTask: "wait",
  SendTask: "send",
  CallActivity: "run",
  SubProcess: "each",
  ExclusiveGateway: "g_choose",
  ParallelGateway: "g_both",
  EventBasedGateway: "g_first",
  StartEvent: "begin",
  EndEvent: "end",
  IntermediateCatchEvent: "wait",
  IntermediateThrowEvent: "note",
  BoundaryEvent: "when",
  Lane: "lane",
  Participant: "pool",
};
const MADE = /^(Activity|Event|Gateway|Flow|Lane|Participant|TextAnnotation|Association)_[0-9a-z]{6,8}$/;

/** Every id of the package's diagrams, but for those of the file `except`. */
export function takenIds(studio, except = "") {
  const taken = new Set();
  for (const path of studio.copy.list("bpmn/", ".bpmn")) {
    if (path === except) continue;
    for (const [, id] of studio.copy.read(path).matchAll(/<(?:\w+:)?\w+ [^>]*?\bid="([^"]+)"/g)) taken.add(id);
  }
  return taken;
}

/** `stem_1`, `stem_2`, … the first that `isTaken` does not know. */
export function freeId(stem, isTaken, first = 1) {
  for (let n = first; ; n += 1) if (!isTaken(`${stem}_${n}`)) return `${stem}_${n}`;
}

/** Names what is drawn, pasted or made by a split; one step of undo with what made it. */
export class Ids {
  static $inject = ["eventBus", "modeling", "elementRegistry", "studio", "studioPath"];

  constructor(eventBus, modeling, elementRegistry, studio, studioPath) {
    const isElsewhere = (id) => takenIds(studio, studioPath()).has(id);
    const taken = (id) => elementRegistry.get(id) || takenIds(studio).has(id);
    eventBus.on("commandStack.shape.create.postExecuted", 100, ({ context }) => void name(context.shape));
    eventBus.on("commandStack.connection.create.postExecuted", 100, ({ context }) => void nameFlow(context.connection));

    function name(shape) {
      const bo = shape.businessObject;
      if (shape.labelTarget || !(MADE.test(bo.id) || isElsewhere(bo.id))) return;
      const stem = STEMS[kindOf(bo)];
      if (stem) modeling.updateProperties(shape, { id: freeId(stem, taken) });
    }

    function nameFlow(connection) {
      const { businessObject: bo, source, target } = connection;
      if (!is(bo, "bpmn:SequenceFlow") || !(MADE.test(bo.id) || isElsewhere(bo.id))) return;
      const plain = `f_${source.businessObject.id}_${target.businessObject.id}`;
      modeling.updateProperties(connection, { id: taken(plain) ? freeId(plain, taken, 2) : plain });
    }
  }
}
