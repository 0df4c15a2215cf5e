// Findings that one press can mend.
import { mend } from "./mending.js";

/** {words, act} for a finding that can be mended so, else null. */
export function fixOf(studio, finding) {
  return studio.told.may_edit ? mend(studio, finding) : null;
}
