// Words of the diagram editor in an officer's language. What is not here comes from the
// community's table (Chinese) or stays as it is (English).
import chinese from "bpmn-js-i18n/translations/zn.js";
import { t } from "../../words.js";

const WORDS = {
  "Append task": "接一步人工任务",
  "Append gateway": "接一个“选一条路”",
  "Append end event": "到这里结束",
  "Append receive task": "接一步“等回复”",
  "Append message intermediate catch event": "接一个等消息",
  "Append timer intermediate catch event": "接一个等期限",
  "Add text annotation": "加说明文字",
  "Connect to other element": "连到另一步",
  "Connect using association": "连到要说明的地方",
  "Change element": "改成别的",
  Delete: "删除",
  "Add lane above": "上面加一条泳道",
  "Add lane below": "下面加一条泳道",
  "Divide into two lanes": "分成两条泳道",
  "Divide into three lanes": "分成三条泳道",
  "Align elements": "对齐",
  "Align elements ": "对齐",
  "Align elements left": "左对齐",
  "Align elements center": "左右居中",
  "Align elements right": "右对齐",
  "Align elements top": "上对齐",
  "Align elements middle": "上下居中",
  "Align elements bottom": "下对齐",
  "Distribute elements horizontally": "横向等距",
  "Distribute elements vertically": "纵向等距",
  "Search in diagram": "在图中查找",
  "Open minimap": "打开小地图",
  "Close minimap": "收起小地图",
  "Toggle non-interrupting": "期限到了，原来的事接着办",
  "Parallel multi-instance": "多方同时分别办",
  "Sequential multi-instance": "多方一个接一个办",
  "User task": "人工任务",
  "Manual task": "线下任务",
  "Service task": "平台操作",
  "Script task": "计算",
  "Business rule task": "查决策表",
  "Receive task": "等回复",
  "Call activity": "阶段",
  "Sub-process (expanded)": "子流程",
  "Exclusive gateway": "选一条路",
  "Parallel gateway": "同时进行",
  "Start event": "开始",
  "End event": "结束",
  "Intermediate throw event": "中间事件",
  "Timer boundary event": "期限到了，这一步停办",
  "Timer boundary event (non-interrupting)": "期限到了，这一步接着办",
  "Message boundary event": "收到消息，这一步停办",
  "Message boundary event (non-interrupting)": "收到消息，这一步接着办",
  "Error boundary event": "里面出错",
  "Escalation boundary event": "里面上报，这一步停办",
  "Escalation boundary event (non-interrupting)": "里面上报，这一步接着办",
  "Conditional boundary event": "条件成立，这一步停办",
  "Timer intermediate catch event": "等到期限",
  "Message intermediate catch event": "等消息",
  "Conditional intermediate catch event": "等条件成立",
  "Escalation intermediate throw event": "上报",
  "Error end event": "出错结束",
  "Escalation end event": "上报并结束",
  "Terminate end event": "全部终止",
  "Sequence flow": "连线",
  "Default flow": "其他情况走这里",
  "flow elements must be children of pools/participants": "请把图形放在泳道里",
};

/** The editor's `translate(template, replacements)`. */
export function translate(template, replacements = {}) {
  return filled(spoken(template), replacements);
}

function spoken(template) {
  if (WORDS[template]) return t(WORDS[template]);
  return document.documentElement.lang === "en" ? template : (chinese[template] ?? template);
}

const filled = (text, values) => text.replace(/\{([^}]+)\}/g, (_, name) => values[name] ?? `{${name}}`);
