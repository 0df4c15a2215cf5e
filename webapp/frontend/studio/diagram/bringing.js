// Diagrams drawn elsewhere: chosen as a file, dropped on the page, or pasted. What is a diagram becomes
// one of the package, as it is; what does not fit it is said by the findings. Anything else is refused.
import { t } from "../words.js";

const BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const MOST_BYTES = 2_000_000;
const PASTED = "pasted.bpmn";
const FIRST = 5000;

/** Keeps a file that is dropped from taking the page's place, and takes diagrams that come this way. */
export function watchForeign(studio, room, canvas) {
  if (!studio.told.may_edit) return;
  const isFile = (event) => !room.hidden && event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => isFile(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    for (const file of event.dataTransfer.files) bringFile(studio, file);
  });
  document.addEventListener("paste", (event) => {
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (room.hidden || isTyping) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.trim()) bring(studio, text, PASTED);
    for (const file of event.clipboardData?.files ?? []) bringFile(studio, file);
  });
  // With nothing of its own to paste the editor leaves the key to the browser, which knows what was copied elsewhere.
  canvas.get("keyboard").addListener(FIRST, ({ keyEvent: key }) => ((key.ctrlKey || key.metaKey) && key.key === "v" && canvas.get("clipboard").isEmpty() ? false : undefined));
}

/** A file somebody chose. */
export async function bringFile(studio, file) {
  if (file.size > MOST_BYTES) return refuse(studio, t("“{name}”太大，放不进来。", { name: file.name }));
  return bring(studio, await file.text(), file.name);
}

function bring(studio, text, name) {
  if (!isDiagram(text)) return refuse(studio, name === PASTED ? t("粘贴的不是 BPMN 流程图，没有放进来。") : t("“{name}”不是 BPMN 流程图，没有放进来。", { name }));
  const path = freePath(studio, name);
  studio.copy.write(path, text);
  studio.tabs.open(path);
  return studio.saving.say({ style: "is-open", words: t("放进来了一张新的图。不合适的地方，检查结果里一处一处说明。"), picture: "flow" });
}

const refuse = (studio, words) => studio.saving.say({ style: "is-failed", words, picture: "over" });

function isDiagram(text) {
  const { documentElement: root } = new DOMParser().parseFromString(text, "application/xml");
  return root.localName === "definitions" && root.namespaceURI === BPMN && root.getElementsByTagNameNS(BPMN, "process").length > 0;
}

function freePath(studio, name) {
  const free = name.replace(/\.(bpmn|xml)$/i, "").toLowerCase().replace(/[^a-z0-9_]+/g, "_").replace(/^_+|_+$/g, "") || "imported";
  let path = `bpmn/${studio.key}/${free}.bpmn`;
  for (let n = 2; studio.copy.read(path) !== null; n += 1) path = `bpmn/${studio.key}/${free}_${n}.bpmn`;
  return path;
}
