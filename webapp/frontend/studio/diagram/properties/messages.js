// 对接消息: what is waited for, who sends it, where its content goes. And the codes of errors.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { t } from "../../words.js";
import { eventOf, textOf } from "../model.js";
import { choice, hint, text } from "./fields.js";
import { messages } from "./offers.js";
import { freeId } from "../house/ids.js";

const holderOf = (bo) => (is(bo, "bpmn:ReceiveTask") || is(bo, "bpmn:SendTask") ? bo : eventOf(bo));
const isMessage = (bo) => Boolean(holderOf(bo)) && (holderOf(bo) === bo || is(holderOf(bo), "bpmn:MessageEventDefinition"));
const codedOf = (bo) => ["Error", "Escalation"].find((kind) => eventOf(bo) && is(eventOf(bo), `bpmn:${kind}EventDefinition`));

export const message = {
  key: "message",
  title: "对接消息",
  guide: "等别的单位或者当事人来的消息。",
  help: "消息有两头：一头在这里等，另一头是“转给别的程序”的答复，或者当事人撤回。要发给别的单位，用“平台操作 · 转给别的程序”；要告诉个人，用“发通知”。",
  codes: ["engine.message_nameless", "engine.message_to_itself", "package.message_unheard", "package.message_unsent"],
  fits: (p) => isMessage(p.bo),
  draw(p) {
    const holder = holderOf(p.bo);
    const name = holder.messageRef?.name ?? "";
    const all = messages(p.studio);
    const known = all.find((one) => one.name === name);
    return [
      choice(p, { key: "message", label: t("哪一个消息"), value: name, options: all.map((one) => [one.name, wordsOf(one)]), empty: t("请选择"), write: (chosen) => refer(p, holder, chosen) }),
      name && hint(known?.from === null ? t("另一头由谁发，在“设置”的对接或外部发送人里写明。") : known?.from ? t("另一头：对“{letter}”的答复。", { letter: known.from }) : t("另一头：当事人撤回。")),
      text(p, { key: "variable", label: t("内容记在哪个名称里"), mono: true, value: textOf(holder, "MessageVariable"), write: (value) => p.model.setText(p.element, "MessageVariable", value, holder) }),
    ];
  },
};

const wordsOf = ({ name, from }) => (from === "" ? t("撤回（{name}）", { name }) : from ? t("答复：{letter}（{name}）", { letter: from, name }) : name);

function refer(p, holder, name) {
  p.model.several(() => {
    const roots = p.canvas.modeler.getDefinitions().rootElements;
    let found = roots.find((one) => is(one, "bpmn:Message") && one.name === name);
    if (!found && name) {
      const id = name.split(".").at(-1).replace(/\W/g, "_");
      const isTaken = (one) => roots.some(({ id: other }) => other === one);
      found = p.model.make("bpmn:Message", { id: isTaken(id) ? freeId(id, isTaken, 2) : id, name });
      p.model.addRoot(p.element, found);
    }
    p.model.change(p.element, holder, { messageRef: found });
  });
}

export const coded = {
  key: "coded",
  title: "出错与上报",
  guide: "里面抛出，外面接住：两头的代号要一样。",
  help: "“出错结束”会停下外面那一步；“上报”可以不停。外面在那一步的边上画一个同样代号的事件接住。",
  codes: ["engine.error_uncaught", "engine.fires_once"],
  fits: (p) => Boolean(codedOf(p.bo)),
  draw(p) {
    const kind = codedOf(p.bo);
    const [ref, code] = kind === "Error" ? ["errorRef", "errorCode"] : ["escalationRef", "escalationCode"];
    const definition = eventOf(p.bo);
    const write = (value) => referCode(p, { kind, ref, code, definition, value });
    return [text(p, { key: "code", label: t("代号"), mono: true, value: definition[ref]?.[code] ?? "", write, hint: t("小写英文；接住的一头不写代号就什么都接。") })];
  },
};

function referCode(p, { kind, ref, code, definition, value }) {
  p.model.several(() => {
    const roots = p.canvas.modeler.getDefinitions().rootElements;
    let found = roots.find((one) => is(one, `bpmn:${kind}`) && one[code] === value);
    if (!found && value) {
      found = p.model.make(`bpmn:${kind}`, { id: freeId(kind.toLowerCase(), (id) => roots.some((one) => one.id === id)), name: value, [code]: value });
      p.model.addRoot(p.element, found);
    }
    p.model.change(p.element, definition, { [ref]: found });
  });
}
