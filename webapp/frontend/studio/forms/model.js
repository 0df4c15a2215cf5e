// What can be done to a form: each function changes schema and ui in place and keeps all it does not know.
import { freeName, renamedIn } from "./names.js";
import { isObject, renamedKey } from "./text.js";

/** Where a question stands: `at` is "amount", or "clauses.amount" for a column of a table. */
export function place(schema, at) {
  const [table, column] = at.split(".");
  const owner = column ? (schema.properties?.[table]?.items ?? {}) : schema;
  const name = column ?? table;
  return { owner, name, table: column ? table : "", property: owner.properties?.[name] };
}

/** Names of what an object schema asks for; what is no schema yet is left out. */
export const namesOf = (owner) => Object.keys(isObject(owner?.properties) ? owner.properties : {}).filter((name) => isObject(owner.properties[name]));

export const isRequired = (owner, name) => Array.isArray(owner.required) && owner.required.includes(name);

/** Names of the questions in the order they are asked. */
export function ordered(schema, ui) {
  const names = namesOf(schema);
  const order = Array.isArray(ui["ui:order"]) ? ui["ui:order"].filter((one) => names.includes(one)) : [];
  return [...new Set([...order, ...names])];
}

const listOf = (value) => (Array.isArray(value) ? value : []);

/** Sections as {index, group, fields}; index -1 stands for fields in no section. */
export function sections(schema, ui) {
  const names = ordered(schema, ui);
  if (!Array.isArray(ui["ui:groups"])) return [{ index: -1, group: null, fields: names }];
  const known = ui["ui:groups"].map((group, index) => ({ index, group, fields: listOf(group?.fields).filter((one) => names.includes(one)) })).filter((one) => isObject(one.group));
  const placed = known.flatMap((one) => one.fields);
  const left = names.filter((one) => !placed.includes(one));
  return left.length ? [...known, { index: -1, group: null, fields: left }] : known;
}

/** Puts a new question behind `after`, or at the end; gives its name. */
export function addField(schema, ui, property, base, after = "") {
  schema.properties ??= {};
  const name = freeName(base, namesOf(schema));
  schema.properties[name] = property;
  insert(ui["ui:order"], name, after);
  const group = ui["ui:groups"]?.find((one) => one.fields?.includes(after)) ?? ui["ui:groups"]?.at(-1);
  insert(group?.fields, name, after);
  return name;
}

function insert(list, name, after) {
  if (!Array.isArray(list)) return;
  const at = list.indexOf(after);
  list.splice(at < 0 ? list.length : at + 1, 0, name);
}

/** A new column at the end of a table; gives its name. */
export function addColumn(schema, table, property, base) {
  const items = (schema.properties[table].items ??= { type: "object" });
  items.properties ??= {};
  const name = freeName(base, namesOf(items));
  items.properties[name] = property;
  return name;
}

/** A copy behind the original; gives the copy's `at`. */
export function duplicate(schema, ui, at) {
  const { owner, name, table, property } = place(schema, at);
  const copy = structuredClone(property);
  const made = table ? addColumn(schema, table, copy, name) : addField(schema, ui, copy, name, name);
  if (isRequired(owner, name)) owner.required.push(made);
  return table ? `${table}.${made}` : made;
}

export function removeField(schema, ui, at) {
  const { owner, name, table } = place(schema, at);
  delete owner.properties[name];
  setRequired(schema, at, false);
  for (const key of Object.keys(ui["ui:visible"] ?? {})) if (key === at || key.startsWith(`${at}.`)) setCondition(ui, key, "");
  if (table) return;
  drop(ui["ui:order"], name);
  for (const group of ui["ui:groups"] ?? []) drop(group.fields, name);
  unpair(ui, name);
}

function drop(list, name) {
  const at = list?.indexOf(name) ?? -1;
  if (at >= 0) list.splice(at, 1);
}

/** Another name everywhere in the form, conditions included. */
export function renameField(schema, ui, at, to) {
  const { owner, name, table } = place(schema, at);
  owner.properties = renamedKey(owner.properties, name, to);
  if (owner.required) owner.required = owner.required.map((one) => (one === name ? to : one));
  const target = table ? `${table}.${to}` : to;
  if (ui["ui:visible"]) ui["ui:visible"] = renamedConditions(ui["ui:visible"], at, target, name, to);
  if (table) return target;
  const swap = (list) => list?.map((one) => (one === name ? to : one));
  if (ui["ui:order"]) ui["ui:order"] = swap(ui["ui:order"]);
  for (const group of ui["ui:groups"] ?? []) group.fields = swap(group.fields);
  if (ui["ui:pairs"]) ui["ui:pairs"] = ui["ui:pairs"].map(swap);
  return target;
}

function renamedConditions(visible, at, target, name, to) {
  const table = at.includes(".") ? `${at.split(".")[0]}.` : "";
  return Object.fromEntries(
    Object.entries(visible).map(([key, text]) => {
      const moved = key === at || key.startsWith(`${at}.`) ? target + key.slice(at.length) : key;
      return [moved, key.startsWith(table) ? renamedIn(String(text), name, to) : text];
    }),
  );
}

export function setRequired(schema, at, required) {
  const { owner, name } = place(schema, at);
  const names = new Set(owner.required ?? []);
  if (required) names.add(name);
  else names.delete(name);
  if (names.size) owner.required = [...names];
  else delete owner.required;
}

export function setCondition(ui, at, text) {
  if (text) (ui["ui:visible"] ??= {})[at] = text;
  else if (isObject(ui["ui:visible"])) {
    delete ui["ui:visible"][at];
    if (!Object.keys(ui["ui:visible"]).length) delete ui["ui:visible"];
  }
}

/** Moves a question one place up (-1) or down (1), over the border of its section where it stands there. */
export function moveField(schema, ui, at, by) {
  const { owner, name, table } = place(schema, at);
  if (table) {
    const names = namesOf(owner);
    shift(names, name, by);
    owner.properties = Object.fromEntries(names.map((one) => [one, owner.properties[one]]));
    return;
  }
  const list = sections(schema, ui);
  const here = list.findIndex((one) => one.fields.includes(name));
  const fields = [...list[here].fields];
  const next = list[here + by];
  if (shift(fields, name, by)) list[here].fields = fields;
  else if (next) {
    list[here].fields = fields.filter((one) => one !== name);
    next.fields = by < 0 ? [...next.fields, name] : [name, ...next.fields];
  }
  settle(schema, ui, list);
}

function shift(list, name, by) {
  const at = list.indexOf(name);
  if (at + by < 0 || at + by >= list.length) return false;
  list.splice(at, 1);
  list.splice(at + by, 0, name);
  return true;
}

/** Puts a question before another one, as dragging does. */
export function moveBefore(schema, ui, name, other) {
  if (name === other) return;
  const list = sections(schema, ui).map((one) => ({ ...one, fields: one.fields.filter((field) => field !== name) }));
  const target = list.find((one) => one.fields.includes(other));
  target.fields.splice(target.fields.indexOf(other), 0, name);
  settle(schema, ui, list);
}

/** Writes order and sections as they now are. */
function settle(schema, ui, list) {
  for (const { group, fields } of list) if (group) group.fields = fields;
  const order = list.flatMap((one) => one.fields);
  if (ui["ui:order"] || !ui["ui:groups"]) ui["ui:order"] = order;
  const left = list.find((one) => !one.group);
  if (ui["ui:groups"] && left?.fields.length && list.length > 1) {
    const near = list.find((one) => one.group && one !== left);
    near.group.fields = [...near.group.fields, ...left.fields];
  }
}

/** Whether a question stands beside the next one. */
export const isPaired = (ui, name) => (ui["ui:pairs"] ?? []).some((pair) => pair[0] === name);

export function setPaired(schema, ui, name, paired) {
  unpair(ui, name);
  const fields = sections(schema, ui).find((one) => one.fields.includes(name)).fields;
  const next = fields[fields.indexOf(name) + 1];
  if (!paired || !next) return;
  unpair(ui, next);
  (ui["ui:pairs"] ??= []).push([name, next]);
}

function unpair(ui, name) {
  if (!ui["ui:pairs"]) return;
  ui["ui:pairs"] = ui["ui:pairs"].filter((pair) => !pair.includes(name));
  if (!ui["ui:pairs"].length) delete ui["ui:pairs"];
}
