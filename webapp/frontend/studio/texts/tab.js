// The tab of texts.
import { openSourceTab } from "../source/tab.js";
import { t } from "../words.js";

export function openTab(studio, room) {
  return openSourceTab(studio, room, {
    title: t("文书文本"),
    paths: () => studio.copy.list("forms/", ".html"),
    name: (path) => path.split("/").at(-1),
    language: "xml",
  });
}
