// A field for an expression in FEEL: names complete while one types, mistakes are underlined at their
// column, and below stands what it gives on a sample case. Typing never waits for the server.
import { acceptCompletion, autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { h } from "../dom.js";
import { t } from "../words.js";
import { offer } from "./names.js";

const QUIET_MS = 300;

/**
 * `value`: the text; `write(text)` hears every change; `label`: what it is called, for readers of screens.
 * `kind`: expression | timer | script | unary (a cell of a table) | marked (only what `say` is told); `placeholder`: an example.
 * Returns {element, set(text), mark([{line, column, message}]), say(problems, values), focus()}.
 */
export function feelField(studio, { value, write, label, kind = "expression", placeholder: example = "", readOnly = false }) {
  const editor = h("div", { class: kind === "script" ? "fq-feel is-long" : "fq-feel" });
  const told = h("p", { class: "fq-feel-told", role: "status" });
  let quiet = false;
  let timer = 0;
  let running = null;
  const view = new EditorView({ parent: editor, state: EditorState.create({ doc: value ?? "", extensions: extensions() }) });

  function extensions() {
    return [
      EditorView.cspNonce.of(studio.nonce),
      EditorView.contentAttributes.of({ "aria-label": label, "aria-multiline": String(kind === "script") }),
      EditorView.lineWrapping,
      example ? placeholder(example) : [],
      EditorState.readOnly.of(readOnly),
      history(),
      bracketMatching(),
      closeBrackets(),
      autocompletion({ override: [(context) => offer(studio, context)], activateOnTyping: true }),
      keymap.of([{ key: "Tab", run: acceptCompletion }, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.updateListener.of((update) => update.docChanged && changed()),
    ];
  }

  function changed() {
    if (!quiet) write(text());
    look();
  }

  const text = () => view.state.doc.toString();

  function look(after = QUIET_MS) {
    clearTimeout(timer);
    timer = setTimeout(ask, after);
  }

  async function ask() {
    if (kind === "marked") return;
    running?.abort();
    running = new AbortController();
    if (!editor.isConnected || !text().trim()) return say([], []);
    const { names, case: facts } = studio.checks;
    const asked = { text: text(), kind, names, case: facts, revision: studio.copy.revision };
    try {
      const { problems, values } = await studio.server.post("expression", asked, running.signal);
      say(problems, values);
    } catch {
      // Without an answer nothing is said: the check of the whole package tells that the network is gone.
    }
  }

  function say(problems, values) {
    mark(problems);
    told.classList.toggle("is-bad", problems.length > 0);
    if (problems.length) told.textContent = problems[0].message;
    else if (values.length) told.textContent = t("样例案件：{values}", { values: values.map(({ name, value }) => (name ? `${name} = ${value}` : value)).join(t("；")) });
    else told.textContent = "";
  }

  function mark(found) {
    const { doc } = view.state;
    const shown = found.map(({ line = 1, column = 1, message }) => {
      const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
      const from = Math.min(at.from + column - 1, at.to);
      return { from, to: Math.max(from, endOfWord(doc, from, at.to)), message, severity: "error" };
    });
    view.dispatch(setDiagnostics(view.state, shown));
    editor.classList.toggle("is-bad", found.length > 0);
  }

  look(0);
  return {
    element: h("div", { class: "fq-feel-field" }, editor, told),
    set(wanted) {
      if (text() === wanted) return;
      quiet = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: wanted } });
      quiet = false;
    },
    mark,
    say,
    focus: () => view.focus(),
  };
}

function endOfWord(doc, from, to) {
  const word = /^[\w\u3400-\u9fff]+/.exec(doc.sliceString(from, to));
  return from + (word ? word[0].length : Math.min(1, to - from));
}
