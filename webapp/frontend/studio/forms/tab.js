// The tab of forms.
import { openSourceTab } from "../source/tab.js";
import { t } from "../words.js";

export function openTab(studio, room) {
  return openSourceTab(studio, room, {
    title: t("表单"),
    paths: () => studio.copy.list("forms/", ".json"),
    name: (path) => path.split("/").at(-1),
    language: "json",
  });
}
