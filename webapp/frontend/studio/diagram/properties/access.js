// 访问: who may read a case of this package. It is one setting of the whole package.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { h } from "../../dom.js";
import { t } from "../../words.js";
import { opens } from "./fields.js";
import { manifest } from "./offers.js";

const CLASSES = {
  normal: "一般：办理的人和他们的上级按规定能看",
  sealed: "密件：要单独批准才能看",
  psychology: "心理：要单独批准才能看",
  minor: "未成年人：要单独批准才能看",
};

export const access = {
  key: "access",
  title: "访问",
  guide: "谁能看这类案件，整个流程包一个规定。",
  help: "看过密件、心理、未成年人案件的都有记录。要在办理中途改成限制查阅，用“平台操作 · 限制查阅”。",
  codes: [],
  fits: (p) => is(p.bo, "bpmn:Participant") || is(p.bo, "bpmn:Collaboration"),
  draw(p) {
    const value = manifest(p.studio).access_class ?? "normal";
    return [h("p", {}, CLASSES[value] ? t(CLASSES[value]) : value), opens(p, t("到设置里改"), `bpmn/${p.studio.key}/package.toml`)];
  },
};
