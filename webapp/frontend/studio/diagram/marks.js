// Paints the studio's marks on the open diagram.
import { h } from "../dom.js";

const TYPE = "studio-mark";

/** Keeps the canvas of `modeler` painted as `studio.marks` says, whichever diagram is open. */
export function paintMarks(studio, modeler) {
  let painted = [];

  function paint() {
    const canvas = modeler.get("canvas");
    const known = modeler.get("elementRegistry");
    for (const [id, style] of painted) if (known.get(id)) canvas.removeMarker(id, style);
    modeler.get("overlays").remove({ type: TYPE });
    painted = [];
    for (const [id, mark] of studio.marks.found) {
      if (known.get(id)) paintOne(canvas, known.get(id), mark);
    }
  }

  function paintOne(canvas, element, { style, words }) {
    const marker = `is-mark-${style}`;
    canvas.addMarker(element, marker);
    painted.push([element.id, marker]);
    if (!words || element.waypoints) return;
    modeler.get("overlays").add(element, TYPE, { position: { bottom: -4, left: 0 }, html: h("span", { class: `fq-mark-words is-${style}` }, words) });
  }

  modeler.on("import.done", paint);
  studio.marks.onShow(paint);
}
