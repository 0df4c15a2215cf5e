// Keeps what is typed while it is typed. A failure changes nothing on the page and is tried again.

const QUIET_MS = 1200;
const AGAIN_MS = 10000;

/** Sends the form's values to `data-draft-url` a moment after each change, one at a time. */
export function keepDrafts(form, fields) {
  const place = document.querySelector("[data-saved]");
  const many = new Set(fields.dataset.many.split(" ").filter(Boolean));
  let revision = Number(form.dataset.draftRevision ?? 0);
  let timer = 0;
  let sending = false;
  let changed = false;
  let refused = false;

  async function save() {
    if (sending || refused) return;
    sending = true;
    changed = false;
    show(place, place?.dataset.saving);
    const answer = await put(form, { data: valuesOf(form, many), draft_revision: revision });
    sending = false;
    if (answer.ok) {
      revision = answer.body.draft_revision;
      const hidden = form.elements._draft_revision;
      if (hidden) hidden.value = revision;
      show(place, `${place?.dataset.done} ${clock(answer.body.saved_at)}`);
      if (changed) wait(QUIET_MS);
      return;
    }
    refused = answer.status === 409;
    show(place, (refused && answer.body?.detail) || place?.dataset.failed, true);
    if (!refused) wait(AGAIN_MS);
  }

  function wait(delay) {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, delay);
  }

  fields.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    changed = true;
    wait(QUIET_MS);
  });
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) window.clearTimeout(timer);
  });
}

/** The values as `parse_submission` would nest them; names with "_" in front are the page's. */
export function valuesOf(form, many) {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || name.startsWith("_") || name === "csrf_token") continue;
    place(values, name, value, many);
  }
  for (const key of Object.keys(values)) values[key] = closed(values[key]);
  return values;
}

function place(values, name, value, many) {
  const parts = name.split(".");
  const last = parts.pop();
  let inner = values;
  for (const part of parts) {
    inner[part] ??= {};
    inner = inner[part];
  }
  const plain = parts.length === 2 ? `${parts[0]}.${last}` : name;
  if (!many.has(plain)) {
    // A file input's empty marker must not wipe out the id that follows or precedes it.
    if (value !== "" || !(last in inner)) inner[last] = value;
    return;
  }
  inner[last] ??= [];
  if (value !== "") inner[last].push(value);
}

/** Numbered rows become a list without holes. */
function closed(value) {
  if (typeof value !== "object" || Array.isArray(value)) return value;
  const keys = Object.keys(value);
  if (keys.length === 0 || !keys.every((key) => /^\d+$/.test(key))) return value;
  return keys.sort((a, b) => a - b).map((key) => value[key]);
}

async function put(form, body) {
  try {
    const response = await fetch(form.dataset.draftUrl, {
      method: "PUT",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRFToken": form.elements.csrf_token?.value ?? "",
      },
      body: JSON.stringify(body),
    });
    const answer = await response.json().catch(() => null);
    return { ok: response.ok && answer !== null, status: response.status, body: answer };
  } catch {
    return { ok: false, status: 0, body: null };
  }
}

function show(place, words, failed = false) {
  if (!place || !words) return;
  place.textContent = words;
  place.classList.toggle("is-failed", failed);
}

function clock(moment) {
  const at = moment ? new Date(moment) : new Date();
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Asia/Shanghai",
    hour: "numeric",
    minute: "2-digit",
  }).formatToParts(at);
  const part = (type) => parts.find((one) => one.type === type).value;
  return `${Number(part("hour"))}:${part("minute")}`;
}
