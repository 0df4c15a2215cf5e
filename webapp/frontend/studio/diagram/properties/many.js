// 多方分别办: one step for each of a list.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { t } from "../../words.js";
import { processOf } from "../model.js";
import { choice, feel, text } from "./fields.js";

const LOOP = "bpmn:MultiInstanceLoopCharacteristics";

export const many = {
  key: "many",
  title: "多方分别办",
  guide: "名单里有几个，就分别办几次，比如每个当事人各签一次字。",
  help: "名单是前面算出来的一列编号（不能直接用 parties）。轮到哪一个，就叫“每一个的名称”。都办完才往下走；写了提前结束的条件，条件成立时其余的不再办。",
  codes: ["engine.loop_undeclared", "engine.loop_over_facts", "engine.loop_without_output", "engine.standard_loop"],
  fits: (p) => is(p.bo, "bpmn:UserTask") || is(p.bo, "bpmn:SubProcess") || is(p.bo, "bpmn:CallActivity"),
  draw(p) {
    const loop = loopOf(p.bo);
    const value = loop ? (loop.isSequential ? "sequential" : "parallel") : "";
    const options = [["parallel", t("同时分别办")], ["sequential", t("一个接一个办")]];
    const name = (key, label, now, hint) => text(p, { key, label, mono: true, value: now ?? "", write: (to) => change(p, { [key]: to }), hint });
    return [
      choice(p, { key: "mode", label: t("办几次"), value, options, empty: t("只办一次"), write: (mode) => change(p, { mode }) }),
      ...(loop
        ? [
            name("input", t("名单"), loop.loopDataInputRef?.id, t("办理数据里的一列，比如 signers。")),
            name("item", t("每一个的名称"), loop.inputDataItem?.id, t("里面的表达式用它，比如 signer。")),
            name("output_item", t("每一个的结果"), loop.outputDataItem?.id, t("里面要给它一个值，比如 act。")),
            name("output", t("结果都收在"), loop.loopDataOutputRef?.id, t("办完以后的名称，比如 acts。")),
            feel(p, { key: "completion", label: t("提前结束的条件"), expects: "boolean", value: loop.completionCondition?.body ?? "", write: (completion) => change(p, { completion }) }),
          ]
        : []),
    ];
  },
};

const loopOf = (bo) => (bo.loopCharacteristics && is(bo.loopCharacteristics, LOOP) ? bo.loopCharacteristics : null);

/** The loop as plain values. */
function told(loop) {
  return {
    mode: loop?.isSequential ? "sequential" : "parallel",
    input: loop?.loopDataInputRef?.id ?? "",
    item: loop?.inputDataItem?.id ?? "",
    output: loop?.loopDataOutputRef?.id ?? "",
    output_item: loop?.outputDataItem?.id ?? "",
    completion: loop?.completionCondition?.body ?? "",
  };
}

/** Makes the loop anew with some values changed; its lists are declared in the process. */
function change(p, values) {
  const wanted = { ...told(loopOf(p.bo)), ...values };
  p.model.several(() => {
    if (!wanted.mode) return p.model.modeling.updateProperties(p.element, { loopCharacteristics: undefined });
    const loop = p.model.make(LOOP, { isSequential: wanted.mode === "sequential" }, p.bo);
    if (wanted.input) loop.loopDataInputRef = declare(p, wanted.input);
    if (wanted.output) loop.loopDataOutputRef = declare(p, wanted.output);
    if (wanted.item) loop.inputDataItem = p.model.make("bpmn:DataInput", { id: wanted.item, name: wanted.item }, loop);
    if (wanted.output_item) loop.outputDataItem = p.model.make("bpmn:DataOutput", { id: wanted.output_item, name: wanted.output_item }, loop);
    loop.completionCondition = p.model.formal(wanted.completion, loop);
    return p.model.modeling.updateProperties(p.element, { loopCharacteristics: loop });
  });
}

/** The declared name, declared now if it was not: else the editor would drop it. */
function declare(p, name) {
  return declareIn(p.model, p.element, processOf(p.bo), name);
}

export function declareIn(model, element, process, name) {
  const known = process.properties?.find((one) => one.id === name);
  if (known) return known;
  const made = model.make("bpmn:Property", { id: name, name }, process);
  model.change(element, process, { properties: [...(process.properties ?? []), made] });
  return made;
}
