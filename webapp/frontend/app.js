// What every page does in the browser. Everything works without it; it makes things quicker.
import htmx from "htmx.org";
import { watchBulk } from "./bulk.js";
import { watchCopies } from "./copy.js";
import { watchDifferences } from "./differences.js";
import { watchLines } from "./lines.js";
import { watchSubmits } from "./submits.js";

/** Error summaries take the focus, when the page comes and when a piece of it is replaced. */
function focusMarked(scope) {
  scope.querySelector("[data-focus]")?.focus();
}

/** A menu closes on Escape, and when something else is clicked. */
function watchMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

/** “/” goes to the search field, as long as nobody is writing. */
function watchSlash() {
  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = document.getElementById("search");
    if (!field?.offsetParent) return;
    event.preventDefault();
    field.focus();
  });
}

/** A button beside a password field shows what is typed. Without scripts it stays hidden. */
function watchPasswords(scope) {
  for (const button of scope.querySelectorAll("[data-shows]")) {
    const field = document.getElementById(button.dataset.shows);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
      button.textContent = shown ? button.dataset.show : button.dataset.hide;
    });
  }
}

/** A filter acts as soon as it is chosen; its button is only for pages without scripts. */
function watchFilters(scope) {
  for (const form of scope.querySelectorAll("form[data-instant]")) {
    form.querySelector("[data-without-scripts]")?.setAttribute("hidden", "");
    form.addEventListener("change", () => form.requestSubmit());
  }
}

/** Diagrams are heavy: the viewer is fetched when somebody opens one. */
function watchDiagrams(scope) {
  for (const details of scope.querySelectorAll("details[data-diagrams]")) {
    details.addEventListener("toggle", async () => {
      if (!details.open) return;
      const { showDiagrams } = await import("./diagram.js");
      await showDiagrams(details);
    });
  }
}

/** Work in chunks: the page between two of them sends itself on. Without scripts one presses. */
function goOn(scope) {
  scope.querySelector("form[data-goes-on]")?.requestSubmit();
}

function begin(scope) {
  watchPasswords(scope);
  watchFilters(scope);
  watchDiagrams(scope);
  watchBulk(scope);
  watchLines(scope);
  watchCopies(scope);
  watchDifferences(scope);
  focusMarked(scope);
}

htmx.config.includeIndicatorCSS = false;
watchMenus();
watchSlash();
watchSubmits();
begin(document);
goOn(document);
document.addEventListener("htmx:after:swap", (event) => begin(event.detail?.ctx?.target ?? document));
