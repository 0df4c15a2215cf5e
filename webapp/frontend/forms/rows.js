// Adds and removes parties and rows without asking the server. Names keep their numbers: holes
// close up when the form is read.

/** Takes over the buttons of every table. */
export function watchRows(fields) {
  for (const table of fields.querySelectorAll("[data-rows]")) countRows(table);
  fields.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    const remove = event.target.closest("[data-remove-row]");
    if (!add && !remove) return;
    event.preventDefault();
    const table = event.target.closest("[data-rows]");
    const focus = add ? addRow(table, add) : removeRow(table, remove);
    fields.dispatchEvent(new Event("fq:rows"));
    fields.dispatchEvent(new Event("input", { bubbles: true }));
    focus?.focus();
  });
}

function rowsOf(table) {
  return [...table.querySelectorAll(":scope > [data-row]")];
}

function addRow(table, button) {
  const blank = table.querySelector(":scope > template[data-blank]");
  const numbers = rowsOf(table).map((row) => Number(row.dataset.scope.split(".").at(-2)));
  const index = Math.max(-1, ...numbers) + 1;
  const copy = document.createElement("template");
  copy.innerHTML = blank.innerHTML.replaceAll("__i__", String(index));
  const row = copy.content.firstElementChild;
  button.before(row);
  countRows(table);
  return row.querySelector("input:not([type=hidden]), select, textarea");
}

function removeRow(table, button) {
  const row = button.closest("[data-row]");
  const next = row.nextElementSibling;
  row.remove();
  countRows(table);
  return next.matches("[data-row]") ? next : table.querySelector(":scope > [data-add-row]");
}

/** Numbers the rows anew and hides the buttons that would leave too few or make too many. */
function countRows(table) {
  const words = table.querySelector(":scope > template[data-blank]").dataset.rowWords;
  const rows = rowsOf(table);
  rows.forEach((row, index) => {
    for (const name of row.querySelectorAll("[data-row-name]")) {
      name.textContent = words.replace("__n__", String(index + 1));
    }
    for (const button of row.querySelectorAll("[data-remove-row]")) {
      button.hidden = rows.length <= Number(table.dataset.least);
    }
  });
  const add = table.querySelector(":scope > [data-add-row]");
  add.hidden = rows.length >= Number(table.dataset.most);
}
