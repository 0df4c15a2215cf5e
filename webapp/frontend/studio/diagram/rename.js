// An element's id stands in scenarios and in the list of outcomes, too: they follow it, and go back
// with it when it is undone.

/** A command of the diagram editor: {before, after}. */
export class RenameEverywhere {
  static $inject = ["studio"];

  constructor(studio) {
    this.studio = studio;
  }

  execute({ before, after }) {
    follow(this.studio, before, after);
    return [];
  }

  revert({ before, after }) {
    follow(this.studio, after, before);
    return [];
  }
}

function follow({ copy, key }, before, after) {
  const quoted = new RegExp(`("(?:task|element)"\\s*:\\s*)"${before}"`, "g");
  for (const path of copy.list("bpmn/", ".json")) replace(copy, path, quoted, `$1"${after}"`);
  replace(copy, `bpmn/${key}/package.toml`, new RegExp(`^\\[outcomes\\.${before}\\]`, "gm"), `[outcomes.${after}]`);
}

function replace(copy, path, wanted, by) {
  const text = copy.read(path);
  if (typeof text === "string" && text.search(wanted) >= 0) copy.write(path, text.replace(wanted, by));
}
