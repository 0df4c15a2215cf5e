// The tab of scenarios.
import { openSourceTab } from "../source/tab.js";
import { t } from "../words.js";

export function openTab(studio, room) {
  return openSourceTab(studio, room, {
    title: t("场景"),
    paths: () => studio.copy.list("bpmn/", ".json").filter((path) => path.includes("/scenarios/")),
    name: (path) => path.split("/").at(-1),
    language: "json",
  });
}
