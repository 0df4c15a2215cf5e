// Findings that one press can mend.

/** {words, act} for a finding that can be mended so, else null. */
export function fixOf() {
  return null;
}
