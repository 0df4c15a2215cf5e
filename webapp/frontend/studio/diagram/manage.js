// Diagrams as files: a new phase, a foreign file, taking one away.
import { ask, button, h } from "../dom.js";
import { t } from "../words.js";
import { bringFile } from "./bringing.js";
import { makeDiagram } from "./newdiagram.js";

export function manage(studio, canvas, name) {
  if (!studio.told.may_edit) return "";
  const isMain = () => canvas.path.endsWith(`/${studio.key}.bpmn`);
  const file = h("input", { type: "file", accept: ".bpmn,.xml", hidden: true, onchange: () => chosen(studio, file) });
  const remove = button(t("删除这张图"), () => drop(studio, canvas, name), { style: "btn-quiet btn-sm" });
  canvas.on("studio.loaded", () => {
    remove.disabled = isMain();
    remove.title = isMain() ? t("主流程不能删除。") : "";
  });
  return h(
    "div",
    { class: "fq-manage" },
    button(t("新建阶段"), () => add(studio, canvas), { picture: "plus", style: "btn-quiet btn-sm" }),
    button(t("导入文件"), () => file.click(), { style: "btn-quiet btn-sm" }),
    remove,
    file,
  );
}

function add(studio, canvas) {
  const made = makeDiagram(studio, { title: t("新的阶段"), lanes: canvas.laneRoles().slice(0, 2) });
  studio.tabs.open(made.path);
}

async function drop(studio, canvas, name) {
  const { path } = canvas;
  const sure = await ask(t("删除“{name}”？", { name: name(path) }), t("调用这张图的地方会报错，要另外改。没有保存以前可以在“保存与版本”里恢复。"), t("删除"), t("不删"));
  if (!sure) return;
  studio.copy.write(path, null, canvas);
  studio.tabs.open(`bpmn/${studio.key}/${studio.key}.bpmn`);
}

function chosen(studio, input) {
  const [file] = input.files;
  if (file) bringFile(studio, file);
  input.value = "";
}
