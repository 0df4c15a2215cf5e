// The simulation speaks English only: its words are put into the reader's language as they appear.
import { t } from "../words.js";

const WORDS = {
  "Token Simulation": "走一遍看看",
  "Toggle Simulation Log": "打开或收起经过",
  "Simulation Log": "经过",
  "No Entries": "还没有开始",
  "Reset Simulation": "从头再来",
  "Play/Pause Simulation": "继续或暂停",
  "Play Simulation": "继续",
  "Pause Simulation": "暂停",
  "Found unsupported elements": "有的图形演不了",
  "Not supported": "演不了",
  "Set Sequence Flow": "换一条路",
  "Trigger Event": "让它发生",
  "Add pause point": "在这里停一下",
  "Remove pause point": "不在这里停",
  "Set animation speed = Slow": "慢",
  "Set animation speed = Normal": "正常速度",
  "Set animation speed = Fast": "快",
  Close: "收起",
  Finished: "走完了",
  Process: "流程",
  SubProcess: "子流程",
  "Start Event": "开始",
  "End Event": "结束",
  "Intermediate Event": "中间事件",
  "Boundary Event": "边上的事件",
  "Exclusive Gateway": "选一条路",
  "Parallel Gateway": "同时进行",
  "Service Task": "平台操作",
  "User Task": "人工任务",
  "Script Task": "计算",
  "Business Rule Task": "查决策表",
  "Receive Task": "等回复",
  "Call Activity": "阶段",
};

const ENDS = { started: "开始", finished: "结束", canceled: "取消" };

function spoken(text) {
  const known = WORDS[text.trim()];
  if (known) return t(known);
  if (/^Focus process instance /.test(text)) return t("只看这一件");
  const ended = /^(\w[\w ]*) (started|finished|canceled)$/.exec(text.trim());
  return ended ? `${spoken(ended[1]) ?? ended[1]} ${t(ENDS[ended[2]])}` : null;
}

function change(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    const words = spoken(node.data);
    if (words && words !== node.data) node.data = words;
    return;
  }
  for (const name of ["title", "aria-label"]) {
    const words = spoken(node.getAttribute?.(name) ?? "");
    if (words) node.setAttribute(name, words);
  }
  for (const child of node.childNodes ?? []) change(child);
}

/** From now on whatever appears in `place`. */
export function speakHere(place) {
  change(place);
  new MutationObserver((all) => all.forEach(({ addedNodes }) => addedNodes.forEach(change))).observe(place, { childList: true, subtree: true });
}
