// Words of the studio. The Chinese text is the key, as in templates; English stands in words/en.js.
import { english } from "./words/en.js";

const isEnglish = document.documentElement.lang === "en";

/** A text in the reader's language; `{name}` is filled from `values`. */
export function t(text, values = {}) {
  const spoken = isEnglish ? (english[text] ?? text) : text;
  return spoken.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Of {"zh", "en"} the one the reader reads. */
export function titled(titles) {
  return (isEnglish && titles?.en) || titles?.zh || "";
}
