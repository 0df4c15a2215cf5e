// Sections of a form.
import { ordered, sections } from "./model.js";

/** A new section; it takes `from` and what follows in its section. Gives its index. */
export function addGroup(schema, ui, title, from = "") {
  const names = ordered(schema, ui);
  ui["ui:groups"] ??= [{ title: title.first.zh, "x-i18n": { en: { title: title.first.en } }, fields: names }];
  const groups = ui["ui:groups"];
  const here = Math.max(0, groups.findIndex((one) => one.fields?.includes(from)));
  const fields = groups[here]?.fields ?? [];
  const cut = from && fields.includes(from) ? fields.indexOf(from) : fields.length;
  const made = { title: title.next.zh, "x-i18n": { en: { title: title.next.en } }, fields: fields.splice(cut) };
  groups.splice(here + 1, 0, made);
  return here + 1;
}

/** Takes a section away; its questions go to the one before, or the one behind. */
export function removeGroup(schema, ui, index) {
  const groups = ui["ui:groups"];
  const [gone] = groups.splice(index, 1);
  const near = groups[Math.max(0, index - 1)];
  if (!near) delete ui["ui:groups"];
  else near.fields = index ? [...near.fields, ...gone.fields] : [...gone.fields, ...near.fields];
  keepOrder(schema, ui);
}

/** Moves a section one place up (-1) or down (1). */
export function moveGroup(schema, ui, index, by) {
  const groups = ui["ui:groups"];
  if (!groups[index + by]) return index;
  const [moved] = groups.splice(index, 1);
  groups.splice(index + by, 0, moved);
  keepOrder(schema, ui);
  return index + by;
}

function keepOrder(schema, ui) {
  if (ui["ui:order"]) ui["ui:order"] = sections(schema, ui).flatMap((one) => one.fields);
}
