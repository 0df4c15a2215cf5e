// The tab of diagrams: the diagrams at the left, the canvas, what is selected at the right.
import { h } from "../dom.js";
import { listFiles } from "../files.js";
import { t } from "../words.js";
import { Canvas } from "./canvas.js";

const nameOf = (xml) => /<(?:\w+:)?process\b[^>]*?\bname="([^"]*)"/.exec(xml ?? "")?.[1];

export function openTab(studio, room) {
  const place = h("div", { class: "fq-canvas" });
  const aside = h("section", { class: "fq-studio-right", "aria-label": t("选中的元素") });
  const paths = () => studio.copy.list("bpmn/", ".bpmn");
  const files = listFiles(studio, {
    title: t("流程图"),
    paths,
    name: (path) => nameOf(studio.copy.read(path)) ?? path.split("/").at(-1),
    open: (path) => studio.tabs.open(path),
  });
  room.classList.add("is-three");
  room.append(files.element, place, aside);
  const canvas = new Canvas(studio, place, aside);
  return {
    async show({ file, element }) {
      const known = paths();
      const path = known.includes(file) ? file : (canvas.path || main(studio, known));
      files.show(path);
      await canvas.open(path, element);
    },
  };
}

/** The diagram that bears the package's name, else the first. */
function main(studio, known) {
  return known.find((path) => path.endsWith(`/${studio.key}.bpmn`)) ?? known[0] ?? "";
}
