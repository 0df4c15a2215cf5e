// The working copy in the browser: files as the server has them, what was changed here, and undo.

const MOST_STEPS = 200;
/** Changes of one file within this time are one step of undo. */
const ONE_STEP_MS = 800;

/** Files are texts, or {base64}. Listeners hear {path, by}; `by` is whoever wrote. */
export class WorkingCopy {
  constructor(told) {
    this.listeners = new Set();
    this.changed = new Map();
    this.histories = new Map();
    this.take(told);
  }

  /** What the server has now. Changes made here stay. */
  take(told) {
    this.saved = new Map(Object.entries(told.files));
    this.revision = told.revision;
    this.settle();
  }

  /** Everything as the server has it now; what was changed here is dropped. Whoever shows a file that
      is otherwise hears of it, and can undo it. */
  replace(told) {
    const before = new Map(this.list().map((path) => [path, this.read(path)]));
    this.changed.clear();
    this.take(told);
    for (const path of new Set([...before.keys(), ...this.saved.keys()])) {
      const old = before.get(path) ?? null;
      if (JSON.stringify(old) === JSON.stringify(this.read(path))) continue;
      this.remember(path, old);
      for (const listener of this.listeners) listener({ path, by: null });
    }
  }

  onChange(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  read(path) {
    return this.changed.has(path) ? this.changed.get(path) : (this.saved.get(path) ?? null);
  }

  /** Paths under a folder with one of the endings, sorted. */
  list(folder = "", ...endings) {
    const known = new Set([...this.saved.keys(), ...this.changed.keys()]);
    return [...known]
      .filter((path) => path.startsWith(folder) && this.read(path) !== null)
      .filter((path) => !endings.length || endings.some((ending) => path.endsWith(ending)))
      .sort();
  }

  /** New contents, null to take the file away. The editor that wrote it passes itself as `by`. */
  write(path, content, by = null) {
    const before = this.read(path);
    if (before === content) return;
    this.remember(path, before);
    this.put(path, content, by);
  }

  put(path, content, by) {
    this.changed.set(path, content);
    this.settle();
    for (const listener of this.listeners) listener({ path, by });
  }

  remember(path, before) {
    const history = this.history(path);
    const now = performance.now();
    if (now - history.at > ONE_STEP_MS || !history.past.length) history.past.push(before);
    if (history.past.length > MOST_STEPS) history.past.shift();
    history.future = [];
    history.at = now;
  }

  history(path) {
    if (!this.histories.has(path)) this.histories.set(path, { past: [], future: [], at: -Infinity });
    return this.histories.get(path);
  }

  /** One step back in a file; false where there is none. */
  undo(path) {
    return this.step(path, "past", "future");
  }

  redo(path) {
    return this.step(path, "future", "past");
  }

  step(path, from, to) {
    const history = this.history(path);
    if (!history[from].length) return false;
    history[to].push(this.read(path));
    history.at = -Infinity;
    this.put(path, history[from].pop(), null);
    return true;
  }

  /** What differs from the server: path → text, {base64} or null. */
  changes() {
    return Object.fromEntries(this.changed);
  }

  get isChanged() {
    return this.changed.size > 0;
  }

  settle() {
    for (const [path, content] of this.changed) {
      if (JSON.stringify(content) === JSON.stringify(this.saved.get(path) ?? null)) this.changed.delete(path);
    }
  }
}
