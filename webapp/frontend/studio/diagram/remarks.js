// Elements somebody remarked on: how many remarks are open, and from there to them.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { t } from "../words.js";
import { Pins } from "./pins.js";

/** Keeps the open diagram marked. A remark on a process stands at its pool. */
export function markRemarks(studio, canvas, aside) {
  const pins = new Pins(canvas, "remark", (element) => (element.waypoints ? { top: 0, left: 28 } : { bottom: 0, right: 0 }));

  function draw() {
    const wanted = new Map();
    for (const { element } of studio.comments.of(canvas.path).filter((one) => !one.settled_by)) {
      const shape = shapeOf(element);
      if (shape) wanted.set(shape.id, pin(shape, (wanted.get(shape.id)?.n ?? 0) + 1));
    }
    pins.show(wanted);
  }

  function shapeOf(id) {
    const registry = canvas.get("elementRegistry");
    return registry.find((one) => is(one, "bpmn:Participant") && one.businessObject.processRef?.id === id) ?? registry.get(id);
  }

  function pin(shape, n) {
    const words = t("{n} 条批注没有解决", { n });
    return { n, style: "is-remark", words: String(n), title: words, label: t("{what}：{words}", { what: shape.businessObject.name || shape.id, words }), act: () => open(shape) };
  }

  /** The thread in the panel, with the cursor where the answer is written. */
  function open(shape) {
    canvas.select(shape.id);
    const group = aside.querySelector('[data-group="remarks"]');
    group.open = true;
    group.scrollIntoView({ block: "nearest" });
    group.querySelector("textarea").focus();
  }

  canvas.on("studio.loaded", draw);
  canvas.on("elements.changed", draw);
  studio.comments.onChange(draw);
}
