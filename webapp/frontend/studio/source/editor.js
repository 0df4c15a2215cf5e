// An editor of plain texts: JSON, HTML, TOML, FEEL. Its style sheet carries the page's nonce.
import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { xml } from "@codemirror/lang-xml";
import { bracketMatching, defaultHighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";

const LANGUAGES = { json, xml };

/**
 * A text editor in `place`. `language`: json | xml | "" ; `write` hears the text after each change.
 * `more`: further extensions. Returns {set(text), insert(text) at the cursor, mark([{line, message, severity}]), go(line), focus(), destroy()}.
 */
export function editText(place, { nonce, language = "", label, write, readOnly = false, more = [] }) {
  let quiet = false;
  const view = new EditorView({
    parent: place,
    state: EditorState.create({
      doc: "",
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        EditorView.lineWrapping,
        EditorState.readOnly.of(readOnly),
        lineNumbers(),
        history(),
        bracketMatching(),
        closeBrackets(),
        autocompletion(),
        lintGutter(),
        syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
        LANGUAGES[language]?.() ?? [],
        more,
        keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => update.docChanged && !quiet && write?.(update.state.doc.toString())),
      ],
    }),
  });
  const lineAt = (line) => view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
  return {
    set(text) {
      if (view.state.doc.toString() === text) return;
      quiet = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      quiet = false;
    },
    insert(text) {
      view.dispatch(view.state.replaceSelection(text));
      view.focus();
    },
    mark(found) {
      const shown = found.map(({ line, message, severity }) => {
        const at = lineAt(line ?? 1);
        return { from: at.from, to: at.to, message, severity };
      });
      view.dispatch(setDiagnostics(view.state, shown));
    },
    go(line) {
      view.dispatch({ selection: { anchor: lineAt(line).from }, scrollIntoView: true });
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
