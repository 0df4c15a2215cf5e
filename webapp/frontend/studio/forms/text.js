// A form's two files as texts: read without losing anything, written as they were indented.
import { t } from "../words.js";

/** {value} or {line, message} of a JSON text; an empty text is {}. */
export function readJson(text) {
  try {
    return { value: JSON.parse(text?.trim() ? text : "{}") };
  } catch (broken) {
    const line = lineOf(text, broken.message);
    return { line, message: t("第 {line} 行附近不是正确的 JSON：多半少了逗号、引号或者括号。", { line }) };
  }
}

/** Browsers say it as “position 12” or as “line 3”. */
function lineOf(text, message) {
  const line = /line (\d+)/.exec(message);
  if (line) return Number(line[1]);
  const place = /position (\d+)/.exec(message);
  return text.slice(0, place ? Number(place[1]) : text.length).split("\n").length;
}

/** The value as JSON in the manner of the text it takes the place of. */
export function writeJson(value, before) {
  const indent = /^[{[]\r?\n([ \t]+)/.exec(before ?? "")?.[1] ?? 2;
  const end = before && !before.endsWith("\n") ? "" : "\n";
  return JSON.stringify(value, null, indent) + end;
}

export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Texts in both languages of a schema: `key` is title or description. */
export const textOf = (schema, key, language) => (language === "zh" ? schema[key] : schema["x-i18n"]?.en?.[key]) ?? "";

/** Sets a text; an empty one is taken away, but for a Chinese title. */
export function setText(schema, key, language, text) {
  if (language === "zh") {
    if (text || key === "title") schema[key] = text;
    else delete schema[key];
    return;
  }
  if (text) english(schema)[key] = text;
  else dropEnglish(schema, key);
}

/** What `x-i18n` says in English, made where it is missing. */
export function english(schema) {
  schema["x-i18n"] ??= {};
  schema["x-i18n"].en ??= {};
  return schema["x-i18n"].en;
}

export function dropEnglish(schema, key) {
  const told = schema["x-i18n"]?.en;
  if (!told) return;
  delete told[key];
  if (!Object.keys(told).length) delete schema["x-i18n"].en;
  if (!Object.keys(schema["x-i18n"]).length) delete schema["x-i18n"];
}

/** The object with one key under another name, in the same place. */
export function renamedKey(object, from, to) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key === from ? to : key, value]));
}

/** Sets a key, or takes it away for undefined, "" and NaN. */
export function setOrDrop(object, key, value) {
  if (value === undefined || value === "" || Number.isNaN(value)) delete object[key];
  else object[key] = value;
}
