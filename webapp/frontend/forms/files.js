// Uploads files as soon as they are chosen, with progress. Without this script they travel with
// the form.

/** Takes over every file input. Sending the form waits for uploads that are under way. */
export function watchFiles(form, fields) {
  const url = form.dataset.uploadUrl;
  if (!url) return;
  const under = new Set();
  fields.addEventListener("change", (event) => {
    const input = event.target.closest("input[type=file]");
    if (!input) return;
    const drop = input.closest("[data-files]");
    for (const file of [...input.files]) {
      const upload = send(form, url, drop, file).finally(() => under.delete(upload));
      under.add(upload);
    }
    input.value = "";
  });
  fields.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove-file]");
    if (!button) return;
    event.preventDefault();
    const drop = button.closest("[data-files]");
    button.closest("[data-file]").remove();
    tell(fields);
    drop.querySelector("input[type=file]").focus();
  });
  form.addEventListener("submit", (event) => {
    if (under.size === 0) return;
    event.preventDefault();
    const { submitter } = event;
    const drop = fields.querySelector("[data-files]");
    drop.querySelector("[data-files-state]").textContent = drop.dataset.wait;
    Promise.all(under).then(() => form.requestSubmit(submitter));
  });
}

function tell(fields) {
  fields.dispatchEvent(new Event("input", { bubbles: true }));
}

/** One file: a line with progress, then its id in a hidden input. Never rejects. */
function send(form, url, drop, file) {
  const line = lineFor(drop, file);
  const state = line.querySelector("[data-file-state]");
  const bar = line.querySelector("progress");
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.responseType = "json";
    request.setRequestHeader("X-CSRFToken", form.elements.csrf_token?.value ?? "");
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      bar.remove();
      if (request.status === 201 && request.response?.id) {
        keep(drop, line, request.response.id);
        state.textContent = drop.dataset.sent;
        tell(drop);
      } else {
        state.textContent = request.response?.detail ?? drop.dataset.failed;
        state.className = "fq-err";
      }
      resolve();
    });
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}

/** The line takes the place of the old file where only one is wanted. */
function keep(drop, line, id) {
  if (!("multiple" in drop.dataset)) {
    for (const other of drop.querySelectorAll("[data-file]")) if (other !== line) other.remove();
  }
  const hidden = document.createElement("input");
  hidden.type = "hidden";
  hidden.name = drop.dataset.files;
  hidden.value = id;
  line.append(hidden);
}

function lineFor(drop, file) {
  const line = document.createElement("div");
  line.className = "fq-file";
  line.dataset.file = "";
  const name = document.createElement("span");
  name.textContent = `${file.name} `;
  const state = document.createElement("span");
  state.className = "fq-hint";
  state.dataset.fileState = "";
  state.textContent = drop.dataset.sending;
  name.append(state);
  const bar = document.createElement("progress");
  bar.className = "fq-fuse";
  bar.value = 0;
  bar.setAttribute("aria-label", `${drop.dataset.sending} ${file.name}`);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-bare btn-sm";
  button.dataset.removeFile = "";
  button.textContent = drop.dataset.remove;
  const what = document.createElement("span");
  what.className = "visually-hidden";
  what.textContent = file.name;
  button.append(what);
  line.append(name, bar, button);
  drop.querySelector("input[type=file]").before(line);
  return line;
}
