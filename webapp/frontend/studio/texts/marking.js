// Placeholders of a text in colour, and names that complete inside them.
import { EditorState } from "@codemirror/state";
import { Decoration, MatchDecorator, ViewPlugin } from "@codemirror/view";
import { namesOf } from "./palette.js";

const printed = Decoration.mark({ class: "fq-slot" });
const block = Decoration.mark({ class: "fq-block" });
const finder = new MatchDecorator({ regexp: /\{\{[^\n]*?\}\}|\{%[^\n]*?%\}/g, decoration: (match) => (match[0].startsWith("{%") ? block : printed) });

const coloured = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.decorations = finder.createDeco(view);
    }

    update(update) {
      this.decorations = finder.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** Extensions for the editor of texts. */
export function wordingExtensions(studio) {
  const offer = (context) => {
    const before = context.state.sliceDoc(Math.max(0, context.pos - 400), context.pos);
    const isInside = Math.max(before.lastIndexOf("{{"), before.lastIndexOf("{%")) > Math.max(before.lastIndexOf("}}"), before.lastIndexOf("%}"));
    const word = context.matchBefore(/[\w.]+/);
    if (!isInside || (!word && !context.explicit)) return null;
    return { from: word?.from ?? context.pos, options: namesOf(studio).map(([label, detail]) => ({ label, detail, type: "variable" })), validFor: /^[\w.]*$/ };
  };
  return [coloured, EditorState.languageData.of(() => [{ autocomplete: offer }])];
}
