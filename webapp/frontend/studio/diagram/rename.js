// An element's id stands in scenarios and in the list of outcomes, too.

/** Follows a new id of an element wherever the package names the old one. */
export function renameEverywhere(studio, before, after) {
  const { copy, key } = studio;
  const quoted = new RegExp(`("(?:task|element)"\\s*:\\s*)"${before}"`, "g");
  for (const path of copy.list("bpmn/", ".json")) replace(copy, path, quoted, `$1"${after}"`);
  replace(copy, `bpmn/${key}/package.toml`, new RegExp(`^\\[outcomes\\.${before}\\]`, "gm"), `[outcomes.${after}]`);
}

function replace(copy, path, wanted, by) {
  const text = copy.read(path);
  if (typeof text === "string" && text.search(wanted) >= 0) copy.write(path, text.replace(wanted, by));
}
