// 名称: what an element is called in both languages, its note, its id.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { h } from "../../dom.js";
import { t } from "../../words.js";
import { takenIds } from "../house/ids.js";
import { processOf, propertyOf } from "../model.js";
import { text } from "./fields.js";

const WORD = /^[a-z][a-z0-9_]*$/;
/** Ids the engine keeps for itself. */
const KEPT = new Set(["Start", "End", "root"]);

const isDiagram = (bo) => is(bo, "bpmn:Participant") || is(bo, "bpmn:Collaboration") || is(bo, "bpmn:Process");

/** The part a name belongs to: of a whole diagram its process. */
export const ownerOf = (bo) => (isDiagram(bo) ? processOf(is(bo, "bpmn:Collaboration") ? bo.participants?.[0] : bo) : bo);

export const naming = {
  key: "naming",
  title: "名称",
  guide: "大家在图上、待办里、办理记录里看到的就是这个名称。",
  help: "人工任务用“动词＋事情”，比如“登记纠纷”；“选一条路”用一个问题，比如“能否受理？”。英文名给用英文界面的人看，可以以后再补。",
  codes: ["engine.no_title", "engine.no_english", "engine.reserved_id", "engine.id_twice"],
  fits: (p) => !is(p.bo, "bpmn:Lane") && !is(p.bo, "bpmn:Association"),
  draw(p) {
    const part = ownerOf(p.bo);
    if (is(p.bo, "bpmn:TextAnnotation")) {
      return [text(p, { key: "text", label: t("说明"), rows: 3, value: p.bo.text ?? "", write: (value) => p.model.modeling.updateProperties(p.element, { text: value }) })];
    }
    const isFlow = is(p.bo, "bpmn:SequenceFlow");
    return [
      text(p, { key: "name", label: isFlow ? t("写在线上的字") : t("名称"), value: part.name ?? "", write: (value) => rename(p, part, value) }),
      text(p, { key: "name_en", label: t("英文名称"), value: propertyOf(part, "name_en"), write: (value) => p.model.setProperty(p.element, "name_en", value, part) }),
      isDiagram(p.bo) && note(p, part),
      !isFlow && !isDiagram(p.bo) && id(p),
    ];
  },
};

function rename(p, part, value) {
  if (part === p.bo) return p.model.modeling.updateProperties(p.element, { name: value });
  return p.model.several(() => {
    p.model.change(p.element, part, { name: value });
    for (const pool of p.canvas.get("elementRegistry").filter((one) => is(one, "bpmn:Participant"))) p.model.modeling.updateProperties(pool, { name: value });
  });
}

function note(p, part) {
  const value = part.documentation?.[0]?.text ?? "";
  const write = (written) => p.model.change(p.element, part, { documentation: written ? [p.model.make("bpmn:Documentation", { text: written }, part)] : [] });
  return text(p, { key: "note", label: t("这张图说的是什么"), rows: 4, value, write, hint: t("写清依据哪一条，以后改的人看得懂。") });
}

function id(p) {
  const write = (value) => {
    if (value === p.bo.id || !WORD.test(value) || KEPT.has(value) || takenIds(p.studio).has(value)) return;
    p.model.rename(p.element, value);
  };
  const field = text(p, { key: "id", label: t("编号"), mono: true, late: true, value: p.bo.id, write, hint: t("小写英文、数字和下划线，全流程包里不重复。场景和在办的案件认的是编号，发布以后尽量不改。") });
  return h("details", { class: "fq-side-more" }, h("summary", {}, t("改编号")), field);
}
