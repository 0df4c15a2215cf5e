// The tab of settings.
import { openSourceTab } from "../source/tab.js";
import { t } from "../words.js";

export function openTab(studio, room) {
  return openSourceTab(studio, room, {
    title: t("设置"),
    paths: () => studio.copy.list("bpmn/", "package.toml"),
    name: (path) => path.split("/").at(-1),
    language: "",
  });
}
