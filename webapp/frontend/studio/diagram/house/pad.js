// What stands beside a chosen element: the next step, connect, change, delete. Only what runs here.
const UNWANTED = ["append.intermediate-event", "append.append-task", "append.compensation-activity", "append.condition-intermediate-event", "append.signal-intermediate-event"];

/** Takes away what our engine does not run; a task that follows is a task for people. */
export class SmallPad {
  static $inject = ["contextPad", "elementFactory", "autoPlace", "create", "translate"];

  constructor(contextPad, elementFactory, autoPlace, create, translate) {
    this.elementFactory = elementFactory;
    this.autoPlace = autoPlace;
    this.create = create;
    this.translate = translate;
    contextPad.registerProvider(500, this);
  }

  getContextPadEntries() {
    return (entries) => {
      const hasNext = "append.append-task" in entries;
      const kept = Object.fromEntries(Object.entries(entries).filter(([name]) => !UNWANTED.includes(name)));
      if (!hasNext) return kept;
      return { "append.user-task": this.next("bpmn:UserTask", "bpmn-icon-user-task", "Append task"), ...kept };
    };
  }

  next(type, className, title) {
    const shape = () => this.elementFactory.createShape({ type });
    return {
      group: "model",
      className,
      title: this.translate(title),
      action: {
        click: (_event, element) => this.autoPlace.append(element, shape()),
        dragstart: (event, element) => this.create.start(event, shape(), { source: element }),
      },
    };
  }
}
