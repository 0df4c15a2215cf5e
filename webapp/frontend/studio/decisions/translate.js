// The words of the table editor, in the reader's language.
import { t } from "../words.js";
import { LIBRARY } from "./library_words.js";

/** What the editor asks for instead of its own English. */
export function translate(template, replacements = {}) {
  return t(LIBRARY[template] ?? template).replace(/\{([^}]+)\}/g, (whole, key) => replacements[key.trim()] ?? whole);
}
