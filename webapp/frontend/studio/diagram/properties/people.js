// 谁来办: of a task its lane and role, of a lane its role and whose people.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { t } from "../../words.js";
import { propertyOf } from "../model.js";
import { choice, feel, hint, tick } from "./fields.js";

const SCOPES = { owner: "本单位", parent: "上一级单位", county: "县（区）中心", court: "法院" };
const PARTY = "当事人";
const isPerson = (bo) => is(bo, "bpmn:UserTask") || is(bo, "bpmn:ManualTask");

export const people = {
  key: "people",
  title: "谁来办",
  guide: "泳道就是角色：图形放在谁的泳道里，就由谁办。",
  help: "同一个角色的人都会在待办里看到这件事，谁有空谁领。要指定到人，在“指定经办人”里写从哪里取这个人，比如前面表单里选的调解员。",
  codes: ["engine.no_role", "engine.role_unknown", "engine.party_without_performer", "engine.lane_unknown"],
  fits: (p) => is(p.bo, "bpmn:Lane") || (is(p.bo, "bpmn:FlowNode") && lanes(p).length > 0),
  draw: (p) => (is(p.bo, "bpmn:Lane") ? ofLane(p) : ofNode(p)),
};

const lanes = (p) => p.canvas.get("elementRegistry").filter((one) => is(one, "bpmn:Lane"));

/** The lane a shape stands in. */
export function laneOf(p) {
  return lanes(p).find((one) => one.businessObject.flowNodeRef?.includes(p.bo));
}

const roles = (p) => p.studio.told.vocabulary.roles.map(({ key, title }) => [key, title]);

function ofNode(p) {
  const lane = laneOf(p);
  if (!lane) return [hint(t("放在子流程里的图形，归子流程所在的泳道。"))];
  const parts = [choice(p, { key: "lane", label: t("泳道（角色）"), value: lane.id, options: lanes(p).map((one) => [one.id, one.businessObject.name || one.id]), write: (id) => moveTo(p, id) })];
  if (!isPerson(p.bo)) return parts;
  return [
    ...parts,
    choice(p, { key: "role", label: t("只这一步由别的角色办"), value: propertyOf(p.bo, "role"), options: roles(p), empty: t("不，就是泳道的角色"), write: (value) => p.model.setProperty(p.element, "role", value) }),
    feel(p, { key: "assignee", label: t("指定经办人"), expects: "string", value: propertyOf(p.bo, "assignee"), write: (value) => p.model.setProperty(p.element, "assignee", value), hint: t("不写就由这个角色的人领办。") }),
  ];
}

/** Into the middle of another lane; the lines follow. */
function moveTo(p, id) {
  const lane = p.canvas.get("elementRegistry").get(id);
  const { element } = p;
  const down = Math.round((lane.y + lane.height / 2 - (element.y + element.height / 2)) / 10) * 10;
  p.model.modeling.moveElements([element], { x: 0, y: down }, element.parent);
}

function ofLane(p) {
  const isParty = propertyOf(p.bo, "acts_for") === "party";
  return [
    choice(p, { key: "lane-role", label: t("角色"), value: p.bo.name ?? "", options: [...roles(p), [PARTY, t("当事人（由工作人员代录）")]], write: (value) => setRole(p, value) }),
    tick(p, { key: "acts_for", label: t("这里的事是当事人做的，工作人员代录"), value: isParty, write: (on) => p.model.setProperty(p.element, "acts_for", on ? "party" : "") }),
    isParty && choice(p, { key: "performed_by", label: t("由谁代录"), value: propertyOf(p.bo, "performed_by"), options: roles(p), empty: t("请选择"), write: (value) => p.model.setProperty(p.element, "performed_by", value) }),
    ...scope(p),
  ];
}

function setRole(p, role) {
  p.model.several(() => {
    p.model.modeling.updateProperties(p.element, { name: role });
    p.model.setProperties(p.element, { acts_for: role === PARTY ? "party" : "" });
  });
}

function scope(p) {
  const value = propertyOf(p.bo, "scope") || "owner";
  const isOther = !(value in SCOPES);
  const options = [...Object.entries(SCOPES).map(([key, words]) => [key, t(words)]), ["feel", t("办理中才知道（写表达式）")]];
  const write = (chosen) => p.model.setProperty(p.element, "scope", chosen === "owner" ? "" : chosen === "feel" ? "responsible_unit" : chosen);
  return [
    choice(p, { key: "scope", label: t("哪个单位的人"), value: isOther ? "feel" : value, options, write }),
    isOther && feel(p, { key: "scope-feel", label: t("单位代码从哪里来"), expects: "string", value, write: (text) => p.model.setProperty(p.element, "scope", text) }),
  ];
}
