// Reads and changes what our diagrams keep beside the shapes. Every change is one step of undo.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { RenameEverywhere } from "./rename.js";

const PROPERTIES = "spiffworkflow:Properties";

/** The kind without its prefix: userTask's is "UserTask". */
export const kindOf = (bo) => bo.$type.replace(/^bpmn:/, "");

const found = (bo, type) => bo.extensionElements?.values?.find((one) => one.$type === type);

/** An extension property; "" where there is none. */
export function propertyOf(bo, name) {
  return found(bo, PROPERTIES)?.values?.find((one) => one.name === name)?.value ?? "";
}

/** The text of an extension element; "" where there is none. */
export function textOf(bo, type) {
  return found(bo, `spiffworkflow:${type}`)?.value ?? "";
}

export const operatorOf = (bo) => found(bo, "spiffworkflow:ServiceTaskOperator");

/** What an event waits for or throws; undefined for a plain one. */
export const eventOf = (bo) => bo.eventDefinitions?.[0];

/** The process a node stands in, however deep. */
export function processOf(bo) {
  let at = bo;
  while (at && !is(at, "bpmn:Process")) at = is(at, "bpmn:Participant") ? at.processRef : at.$parent;
  return at;
}

/** Runs a function whose commands become one step of undo. */
class Several {
  preExecute({ act }) {
    act();
  }
}

export class Model {
  constructor(modeler) {
    this.modeling = modeler.get("modeling");
    this.factory = modeler.get("bpmnFactory");
    this.moddle = modeler.get("moddle");
    this.modeler = modeler;
    this.stack = modeler.get("commandStack");
    this.stack.registerHandler("studio.several", Several);
    this.stack.registerHandler("studio.rename", RenameEverywhere);
  }

  several(act) {
    this.stack.execute("studio.several", { act });
  }

  /** A new id, followed wherever the package names the old one. */
  rename(element, after) {
    const before = element.id;
    this.several(() => {
      this.modeling.updateProperties(element, { id: after });
      this.stack.execute("studio.rename", { before, after });
    });
  }

  /** Attributes or children of a part of an element. */
  change(element, part, values) {
    this.modeling.updateModdleProperties(element, part, values);
  }

  make(type, values, parent) {
    const made = this.factory.create(type, values);
    made.$parent = parent;
    return made;
  }

  formal(text, parent) {
    return text ? this.make("bpmn:FormalExpression", { body: text }, parent) : undefined;
  }

  /** Puts, replaces or (null) takes away an extension element of a part. */
  extend(element, part, type, child) {
    const values = part.extensionElements?.values ?? [];
    const at = values.findIndex((one) => one.$type === type);
    const next = values.filter((one) => one.$type !== type);
    if (child) next.splice(at < 0 ? next.length : at, 0, child);
    const around = next.length ? this.make("bpmn:ExtensionElements", { values: next }, part) : undefined;
    for (const one of next) one.$parent = around;
    this.change(element, part, { extensionElements: around });
  }

  /** An extension property; "" takes it away. */
  setProperty(element, name, value, part = element.businessObject) {
    this.setProperties(element, { [name]: value }, part);
  }

  setProperties(element, values, part = element.businessObject) {
    const kept = (found(part, PROPERTIES)?.values ?? []).map(({ name, value }) => [name, value]);
    const all = new Map(kept);
    for (const [name, value] of Object.entries(values)) {
      if (value) all.set(name, value);
      else all.delete(name);
    }
    const made = all.size ? this.make(PROPERTIES, {}, null) : null;
    if (made) made.values = [...all].map(([name, value]) => this.make("spiffworkflow:Property", { name, value }, made));
    this.extend(element, part, PROPERTIES, made);
  }

  setText(element, type, text, part = element.businessObject) {
    const full = `spiffworkflow:${type}`;
    this.extend(element, part, full, text ? this.make(full, { value: text }, null) : null);
  }

  /** Adds a definition every part of the file may point to: a message. */
  addRoot(element, made) {
    const definitions = this.modeler.getDefinitions();
    made.$parent = definitions;
    this.change(element, definitions, { rootElements: [...definitions.rootElements, made] });
  }
}
