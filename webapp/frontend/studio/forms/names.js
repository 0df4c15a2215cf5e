// Names of questions: how diagrams, tables and texts speak of them.
import { t } from "../words.js";

const NAME = /^[a-z][a-z0-9_]{0,59}$/;
const RESERVED = ["case", "unit", "today", "entry", "data", "run", "document", "people"];

/** Why a name cannot be, "" where it can. `others`: the names beside it. */
export function nameProblem(name, others) {
  if (!NAME.test(name)) return t("名称只能用小写英文字母、数字和下划线，以字母开头，例如 paid_on。");
  if (RESERVED.includes(name)) return t("“{name}”已有别的意思，请换一个。", { name });
  return others.includes(name) ? t("已经有一项叫“{name}”。", { name }) : "";
}

/** `base`, or base_2, base_3 … where it is taken. */
export function freeName(base, others) {
  let name = base;
  for (let number = 2; others.includes(name) || RESERVED.includes(name); number += 1) name = `${base}_${number}`;
  return name;
}

/** `old` as a whole word in FEEL, outside texts in quotes and not as a member (`x.old`), replaced. */
export function renamedIn(feel, old, name) {
  return feel.replace(/"(?:[^"\\]|\\.)*"|(?<![\w.])[a-z_]\w*/g, (word) => (word === old ? name : word));
}

/** Files outside the form that speak of a name: as `case.name`, `data.name` or plainly. */
export function usesOf(studio, name, store, own) {
  const said = store === "case" || store === "sealed" ? new RegExp(`\\bcase\\.${name}\\b`) : new RegExp(`\\b${name}\\b`);
  return studio.copy
    .list("", ".bpmn", ".dmn", ".html", ".toml")
    .filter((path) => !own.includes(path))
    .filter((path) => said.test(studio.copy.read(path)));
}
