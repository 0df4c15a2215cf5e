// The tab of diagrams: the diagrams and what can be drawn at the left, the canvas, the panel at the right.
import { h } from "../dom.js";
import { listFiles } from "../files.js";
import { t, titled } from "../words.js";
import { watchForeign } from "./bringing.js";
import { Canvas } from "./canvas.js";
import { Elements } from "./elements.js";
import { manage } from "./manage.js";
import { manifest } from "./properties/offers.js";
import { Panel } from "./properties/panel.js";
import { letThrough } from "./pins.js";
import { markRemarks } from "./remarks.js";
import { toolbar, zoomButtons } from "./toolbar.js";
import { toolbox } from "./toolbox.js";

/** The name of a file's process, in the reader's language. */
function nameOf(xml) {
  const [, around, zh] = /<(?:\w+:)?process\b([^>]*?\bname=\x22([^\x22]*)\x22[^>]*>[\s\S]{0,1500})/.exec(xml ?? "") ?? [];
  const [, en] = /name=\x22name_en\x22 value=\x22([^\x22]*)\x22/.exec(around?.split(/<(?:\w+:)?(?:laneSet|startEvent)\b/)[0] ?? "") ?? [];
  return titled({ zh, en });
}

export function openTab(studio, room) {
  const place = h("div", { class: "fq-canvas" });
  const frame = h("div", { class: "fq-drawing" });
  const aside = h("section", { class: "fq-studio-right fq-side", "aria-label": t("选中的元素"), tabindex: "0" });
  const paths = () => sorted(studio, studio.copy.list("bpmn/", ".bpmn"));
  const name = (path) => nameOf(studio.copy.read(path)) || path.split("/").at(-1);
  const files = listFiles(studio, { title: t("流程图"), paths, name, open: (path) => studio.tabs.open(path) });
  room.classList.add("is-three");
  room.append(files.element, frame, aside);
  frame.append(place);
  const canvas = new Canvas(studio, place);
  const elements = new Elements(studio, canvas);
  new Panel(studio, canvas, aside);
  markRemarks(studio, canvas, aside);
  letThrough(canvas, place);
  watchForeign(studio, room, canvas);
  frame.prepend(toolbar(studio, canvas, frame));
  place.append(zoomButtons(canvas));
  files.element.append(manage(studio, canvas, name), toolbox(studio, canvas), elements.element);
  keys(room, canvas);
  return {
    async show({ file, element }) {
      const known = paths();
      const path = known.includes(file) ? file : known.includes(canvas.path) ? canvas.path : (known[0] ?? "");
      files.show(path);
      if (path) await canvas.open(path, element);
    },
  };
}

/** Undo, redo and search wherever the reader is in this tab, but not while they type. */
function keys(room, canvas) {
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (room.hidden || isTyping || event.defaultPrevented || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (!["z", "y", "f"].includes(key)) return;
    event.preventDefault();
    if (key === "f") canvas.get("searchPad").toggle();
    else if (key === "y" || event.shiftKey) canvas.redo();
    else canvas.undo();
  });
}

/** The main diagram first, then the phases as the package's stages follow each other. */
function sorted(studio, paths) {
  const stages = (manifest(studio).stage ?? []).flatMap((one) => one.processes ?? []);
  const place = (path) => {
    const id = path.split("/").at(-1).replace(/\.bpmn$/, "");
    return id === studio.key ? -1 : stages.includes(id) ? stages.indexOf(id) : stages.length;
  };
  return [...paths].sort((one, other) => place(one) - place(other));
}
