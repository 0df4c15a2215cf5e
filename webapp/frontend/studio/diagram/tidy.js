// 整理布局: the server draws the diagram anew; its meaning stays. One step back undoes it.
import { ask } from "../dom.js";
import { t } from "../words.js";

export async function tidy(studio, canvas) {
  const sure = await ask(t("整理布局"), t("这张图会按泳道重新排列，手工摆放的位置和折线不再保留；流程本身不变。不满意可以撤销。"), t("整理"), t("不整理"));
  if (!sure) return;
  try {
    const { content, reordered } = await studio.server.post("tidy", { content: studio.copy.read(canvas.path) });
    const before = studio.copy.read(canvas.path);
    studio.copy.write(canvas.path, content);
    if (content === before) studio.saving.say({ style: "", words: t("已经是整齐的。") });
    if (reordered.length) studio.saving.say({ style: "is-open", words: t("请看一看：{names} 的几条路上下次序变了。", { names: reordered.join(t("、")) }), picture: "over" });
  } catch (problem) {
    studio.saving.say({ style: "is-failed", words: problem.message, picture: "over" });
  }
}
