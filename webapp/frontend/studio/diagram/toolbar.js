// Above the canvas: undo, tools of the hand, search, layout, walking through, taking the picture away.
import { button, h, icon } from "../dom.js";
import { t } from "../words.js";
import { savePng, savePrint, saveSvg } from "./pictures.js";
import { tidy } from "./tidy.js";
import { walk } from "./walk.js";

export function toolbar(studio, canvas, frame) {
  const small = (words, picture, act, more = {}) => h("button", { type: "button", class: "fq-tool", title: words, "aria-label": words, onclick: act, ...more }, typeof picture === "string" ? icon(picture) : picture);
  const hand = (name) => h("span", { class: `bpmn-icon-${name}`, "aria-hidden": "true" });
  const undo = small(t("撤销（Ctrl+Z）"), "undo", () => canvas.undo());
  const redo = small(t("重做（Ctrl+Y）"), "undo", () => canvas.redo(), { class: "fq-tool is-mirrored" });
  const settle = () => {
    undo.disabled = !canvas.canUndo;
    redo.disabled = !canvas.canRedo;
  };
  canvas.on("commandStack.changed", settle);
  canvas.on("studio.loaded", settle);
  const edits = studio.told.may_edit
    ? [
        undo,
        redo,
        small(t("框选几个图形"), hand("lasso-tool"), (event) => canvas.get("lassoTool").activateSelection(event)),
        small(t("腾出或收起空白"), hand("space-tool"), (event) => canvas.get("spaceTool").activateSelection(event)),
        small(t("连线"), hand("connection-multi"), (event) => canvas.get("globalConnect").start(event)),
      ]
    : [];
  const walking = button(t("走一遍看看"), () => walk(canvas, frame, walking), { picture: "play", style: "btn-quiet btn-sm", "aria-pressed": "false" });
  return h(
    "div",
    { class: "fq-toolbar", role: "toolbar", "aria-label": t("画图工具") },
    edits,
    small(t("在图中查找（Ctrl+F）"), "search", () => canvas.get("searchPad").toggle()),
    h("span", { class: "fq-push" }),
    walking,
    studio.told.may_edit && button(t("整理布局"), () => tidy(studio, canvas), { picture: "flow", style: "btn-quiet btn-sm" }),
    exports(canvas),
  );
}

function exports(canvas) {
  const item = (words, act) => h("li", {}, button(words, act, { style: "btn-quiet btn-sm" }));
  const list = h("ul", {}, item(t("图片（SVG）"), () => saveSvg(canvas)), item(t("图片（PNG）"), () => savePng(canvas)), item(t("打印或存成 PDF"), () => savePrint(canvas)));
  const menu = h("details", { class: "fq-export" }, h("summary", { class: "btn btn-quiet btn-sm" }, icon("download"), t("导出")), list);
  list.addEventListener("click", () => menu.removeAttribute("open"));
  return menu;
}

/** In the corner of the canvas: nearer, farther, all. */
export function zoomButtons(canvas) {
  const tool = (words, picture, act) => h("button", { type: "button", class: "fq-tool", title: words, "aria-label": words, onclick: act }, icon(picture));
  return h("div", { class: "fq-zoom", role: "group", "aria-label": t("大小") }, tool(t("放大"), "plus", () => canvas.zoom(1)), tool(t("缩小"), "minus", () => canvas.zoom(-1)), button(t("适合窗口"), () => canvas.fit(), { style: "btn-quiet btn-sm" }));
}
