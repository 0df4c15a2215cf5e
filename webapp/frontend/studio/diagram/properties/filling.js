// 填什么: the form of a task, and what its people should know.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { t } from "../../words.js";
import { makeForm } from "../newform.js";
import { propertyOf, textOf } from "../model.js";
import { choice, feel, opens, press, text } from "./fields.js";
import { forms } from "./offers.js";
import { h } from "../../dom.js";

const isPerson = (bo) => is(bo, "bpmn:UserTask") || is(bo, "bpmn:ManualTask");

export const filling = {
  key: "filling",
  title: "填什么",
  guide: "办这件事的人要填的表单和要知道的事。",
  help: "一份表单可以用在几步上。办理提示写给办事的人：先做什么、依据哪一条、容易错在哪里；可以用“- ”开头分行。",
  codes: ["engine.no_form", "engine.form_missing", "engine.begins_broken"],
  fits: (p) => isPerson(p.bo),
  draw(p) {
    const file = propertyOf(p.bo, "formJsonSchemaFilename");
    const all = forms(p.studio);
    const known = all.find((one) => one.file === file);
    return [
      choice(p, { key: "form", label: t("用哪份表单"), value: file, options: all.map((one) => [one.file, one.title]), empty: t("不填表单，只点“办完”"), write: (value) => setForm(p.model, p.element, value) }),
      h("div", { class: "fq-row" }, known && opens(p, t("打开表单"), known.path), !known && press(p, file ? t("新建这份表单") : t("新建表单"), () => add(p, file), { picture: "plus" })),
      text(p, { key: "instructions", label: t("办理提示"), rows: 5, value: textOf(p.bo, "InstructionsForEndUser"), write: (value) => p.model.setText(p.element, "InstructionsForEndUser", value) }),
      feel(p, { key: "begins", label: t("打开时先填好"), expects: "context", value: propertyOf(p.bo, "begins"), write: (value) => p.model.setProperty(p.element, "begins", value), hint: t("写成 {字段: 从哪里取}；写 {} 就每次都从空白填起。") }),
      feel(p, { key: "notice", label: t("表单上面的提醒"), expects: "string", value: propertyOf(p.bo, "notice"), write: (value) => p.model.setProperty(p.element, "notice", value), hint: t("得出一句话，或者 null 不提醒。") }),
    ];
  },
};

/** Both files of a form, named by its schema. */
export function setForm(model, element, file) {
  model.setProperties(element, { formJsonSchemaFilename: file, formUiSchemaFilename: file.replace(/\.schema\.json$/, ".ui.json") });
}

function add(p, file) {
  const made = makeForm(p.studio, { name: file.replace(/\.schema\.json$/, "") || p.bo.id, title: p.bo.name || p.bo.id, title_en: propertyOf(p.bo, "name_en") });
  p.act(() => setForm(p.model, p.element, made.file), { redraw: true });
  p.studio.tabs.open(made.path);
}
