// What a form page does in the browser beyond what it can do without: hides what is not asked,
// adds and removes rows on the spot, spells amounts, uploads files, keeps drafts.
import { keepDrafts } from "./forms/drafts.js";
import { watchAmounts, watchCounts } from "./forms/amounts.js";
import { watchConditions } from "./forms/conditions.js";
import { watchFiles } from "./forms/files.js";
import { watchRows } from "./forms/rows.js";

for (const fields of document.querySelectorAll("[data-form]")) {
  const form = fields.closest("form");
  if (!form) continue;
  watchConditions(fields);
  watchRows(fields);
  watchAmounts(fields);
  watchCounts(fields);
  watchFiles(form, fields);
  if (form.dataset.draftUrl) keepDrafts(form, fields);
}
