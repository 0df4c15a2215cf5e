// Shows and hides what depends on other answers. The server decides again: hidden answers are
// sent and ignored.

const ROUNDS = 4;

/** Answers every `data-when` now and after each change. */
export function watchConditions(fields) {
  const answer = () => {
    // Several rounds, because what one answer hides may be what another question asks for.
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const part of fields.querySelectorAll("[data-when]")) {
        const row = part.closest("[data-scope]");
        part.hidden = !isTrue(JSON.parse(part.dataset.when), fields, row?.dataset.scope ?? "");
      }
    }
  };
  fields.addEventListener("change", answer);
  fields.addEventListener("input", answer);
  fields.addEventListener("fq:rows", answer);
  answer();
}

function isTrue(told, fields, scope) {
  const [operator, ...rest] = told;
  if (operator === "and") return rest.every((one) => isTrue(one, fields, scope));
  if (operator === "or") return rest.some((one) => isTrue(one, fields, scope));
  if (operator === "not") return !isTrue(rest[0], fields, scope);
  const [name, constant] = rest;
  const text = valueOf(fields, scope + name) ?? valueOf(fields, name);
  if (operator === "in") return constant.some((one) => compare("=", text, one));
  return compare(operator, text, constant);
}

/** The text of a control, null where nothing is answered, undefined where there is none. */
function valueOf(fields, name) {
  const controls = [...fields.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  if (controls.length === 0) return undefined;
  if (controls.every((one) => one.closest("[hidden]"))) return null;
  let found = null;
  for (const one of controls) {
    const chosen = one.type === "radio" || one.type === "checkbox" ? one.checked : true;
    if (chosen && one.value !== "") found = one.value;
  }
  return found;
}

function compare(operator, text, constant) {
  const missing = text === null || text === undefined;
  if (constant === null || missing) {
    const same = missing && constant === null;
    return operator === "=" ? same : operator === "!=" && !same;
  }
  const left = typeof constant === "number" ? Number(text.replaceAll(",", "")) : text;
  const right = typeof constant === "boolean" ? String(constant) : constant;
  switch (operator) {
    case "=": return left === right;
    case "!=": return left !== right;
    case "<": return left < right;
    case ">": return left > right;
    case "<=": return left <= right;
    case ">=": return left >= right;
    default: return true;
  }
}
