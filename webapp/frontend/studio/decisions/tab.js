// The tab of decisions.
import { openSourceTab } from "../source/tab.js";
import { t } from "../words.js";

export function openTab(studio, room) {
  return openSourceTab(studio, room, {
    title: t("决策表"),
    paths: () => studio.copy.list("bpmn/", ".dmn"),
    name: (path) => path.split("/").at(-1),
    language: "xml",
  });
}
