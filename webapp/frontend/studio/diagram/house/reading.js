// For whoever may only look: nothing can be moved, drawn, renamed or taken away.
import RuleProvider from "diagram-js/lib/features/rules/RuleProvider";

const FIRST = 5000;
const ACTS = ["elements.move", "elements.create", "elements.delete", "elements.paste", "elements.align", "elements.distribute"];
const SHAPES = ["shape.create", "shape.append", "shape.resize", "shape.replace"];
const LINES = ["connection.create", "connection.reconnect", "connection.start", "connection.updateWaypoints"];

export class OnlyReading extends RuleProvider {
  static $inject = ["eventBus"];

  constructor(eventBus) {
    super(eventBus);
    eventBus.on("element.dblclick", FIRST, () => false);
  }

  init() {
    this.addRule([...ACTS, ...SHAPES, ...LINES], FIRST, () => false);
  }
}
