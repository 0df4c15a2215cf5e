// 做完以后: which documents are shown beside a task.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { h } from "../../dom.js";
import { t } from "../../words.js";
import { propertyOf } from "../model.js";
import { hint, opens } from "./fields.js";
import { documents } from "./offers.js";

export const afterwards = {
  key: "afterwards",
  title: "文书",
  guide: "办这件事时可以先打印草稿的文书。",
  help: "勾上的文书在办理页上可以预览和打印草稿，让当事人当面看过再提交。正式生成文书，用后面的“平台操作 · 生成文书”。",
  codes: ["engine.document_unknown"],
  fits: (p) => is(p.bo, "bpmn:UserTask") || is(p.bo, "bpmn:ManualTask"),
  draw(p) {
    const chosen = kinds(p.bo);
    const known = documents(p.studio);
    const others = chosen.filter((kind) => !known.some((one) => one.kind === kind)).map((kind) => ({ kind, title: kind }));
    const list = [...known, ...others].map(({ kind, title }) => {
      const box = h("input", { type: "checkbox", "data-key": `document-${kind}`, checked: chosen.includes(kind), disabled: p.readOnly, onchange: () => p.act(() => toggle(p, kind, box.checked)) });
      return h("label", { class: "fq-check" }, box, " ", title);
    });
    return [
      known.length ? h("fieldset", { class: "fq-ticks" }, h("legend", { class: "visually-hidden" }, t("文书")), list) : hint(t("流程包里还没有文书。")),
      opens(p, t("到设置里加文书"), `bpmn/${p.studio.key}/package.toml`),
    ];
  },
};

const kinds = (bo) => propertyOf(bo, "document").split(",").map((one) => one.trim()).filter(Boolean);

function toggle(p, kind, on) {
  const rest = kinds(p.bo).filter((one) => one !== kind);
  p.model.setProperty(p.element, "document", (on ? [...rest, kind] : rest).join(", "));
}
