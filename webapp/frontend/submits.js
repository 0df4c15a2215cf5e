// A pressed button says that it works on it, and cannot be pressed twice. After eight seconds of
// silence the page says that one may go on with something else.
const SLOW_MS = 8000;

export function watchSubmits() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    const button = event.submitter;
    if (button?.formTarget === "_blank" || form.target === "_blank") return;
    form.dataset.sent = "yes";
    if (button) markBusy(button);
    window.setTimeout(() => sayItTakesLong(form), SLOW_MS);
  });
  // A page that comes back from the browser's memory is fresh again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("[aria-busy]")) unmarkBusy(button);
    }
  });
}

function markBusy(button) {
  button.dataset.words = button.textContent;
  button.setAttribute("aria-busy", "true");
  button.classList.add("htmx-request");
  button.textContent = document.body.dataset.busy;
}

function unmarkBusy(button) {
  button.removeAttribute("aria-busy");
  button.classList.remove("htmx-request");
  button.textContent = button.dataset.words;
}

function sayItTakesLong(form) {
  if (!form.isConnected || !form.dataset.sent || form.querySelector(".fq-slow")) return;
  const note = document.createElement("p");
  note.className = "fq-hint fq-slow";
  note.setAttribute("role", "status");
  note.textContent = document.body.dataset.slow;
  form.append(note);
}
