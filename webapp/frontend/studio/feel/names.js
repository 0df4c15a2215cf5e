// What an expression may name at the place of the cursor: declared names, facts of the case, functions.
import { t } from "../words.js";

const UNIT = { code: "string", name: "string", kind: "string", county: "string" };
const PARTY = { id: "string", name: "string", kind: "string", side: "string" };
const FIXED = { case: "context", parties: "list", unit: "context", today: "date" };
const KINDS = {
  string: "文字",
  number: "数",
  boolean: "是或否",
  date: "日期",
  "date and time": "日期和时间",
  time: "时刻",
  list: "清单",
  context: "一组值",
  any: "任意",
};

const kindOf = (type) => (KINDS[type] ? t(KINDS[type]) : type);
const option = (label, type, boost = 0) => ({ label, detail: kindOf(type), type: "variable", boost });

/** Completions for CodeMirror, null where there is nothing to offer. */
export function offer(studio, context) {
  const member = context.matchBefore(/(case|unit|item)\s*\.\s*[\w\u3400-\u9fff]*/);
  if (member) return offerMembers(studio, member);
  const word = context.matchBefore(/[\w\u3400-\u9fff]+/);
  if (!word && !context.explicit) return null;
  const own = Object.entries({ ...written(context), ...FIXED, ...studio.checks.names }).map(([name, type]) => option(name, type, 1));
  const functions = Object.entries(studio.told.vocabulary.functions).map(([name, parameters]) => ({
    label: name,
    apply: `${name}(`,
    detail: `(${parameters.join(", ")})`,
    type: "function",
  }));
  return { from: word ? word.from : context.pos, options: [...own, ...functions], validFor: /^[\w\u3400-\u9fff]*$/ };
}

/** Names the lines above the cursor give a value, in a script. */
function written(context) {
  const above = context.state.sliceDoc(0, context.state.doc.lineAt(context.pos).from);
  return Object.fromEntries([...above.matchAll(/^\s*([^\W\d][\w\u3400-\u9fff]*)\s*=(?!=)/gmu)].map((one) => [one[1], "any"]));
}

function offerMembers(studio, member) {
  const [before] = /^\w+\s*\.\s*/.exec(member.text);
  const known = { case: studio.checks.case, unit: UNIT, item: PARTY }[/^\w+/.exec(before)[0]];
  const options = Object.entries(known).map(([name, type]) => option(name, type));
  return { from: member.from + before.length, options, validFor: /^[\w\u3400-\u9fff]*$/ };
}
