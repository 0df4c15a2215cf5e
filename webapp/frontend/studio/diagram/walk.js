// 走一遍看看: tokens run over a copy of the diagram that cannot be changed.
import { h } from "../dom.js";
import { t } from "../words.js";

let shown = null;

/** Begins or ends the walk. `frame`: the place of the canvas; `press`: the button that says which. */
export async function walk(canvas, frame, press) {
  if (shown) return end(frame, press);
  const { openWalk } = await import("./simulation.js");
  const { xml } = await canvas.modeler.saveXML();
  const place = h("div", { class: "fq-canvas fq-tokens" }, h("p", { class: "fq-tokens-guide" }, t("点“开始”旁边的三角，看一件事怎样一步步走；点路口上的叉路换一条走。")));
  frame.classList.add("is-walking");
  frame.append(place);
  shown = { place, viewer: await openWalk(place, xml) };
  place.querySelector(".bjs-powered-by").title = "bpmn.io";
  press.setAttribute("aria-pressed", "true");
  press.lastChild.textContent = t("不走了，回去改");
  return undefined;
}

function end(frame, press) {
  shown.viewer.destroy();
  shown.place.remove();
  shown = null;
  frame.classList.remove("is-walking");
  press.setAttribute("aria-pressed", "false");
  press.lastChild.textContent = t("走一遍看看");
}
