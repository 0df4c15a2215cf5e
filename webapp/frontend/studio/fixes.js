// Findings that one press can mend.
import { mend } from "./mending.js";
import { mendSpine } from "./spine.js";

/** {words, act} for a finding that can be mended so, else null. */
export function fixOf(studio, finding) {
  if (!studio.told.may_edit) return null;
  return finding.code === "engine.no_spine" ? mendSpine(studio) : mend(studio, finding);
}
