// What the editor's own undo cannot know: the diagram as a whole written anew by somebody else (the layout,
// a fix, another tab). Loading it empties the editor's stack, so whole texts are kept on both sides.

const MOST = 100;

export class Texts {
  constructor() {
    /** Whole texts before and after what the editor has loaded, the nearest last. */
    this.olds = [];
    this.news = [];
    /** The text before each step the editor can undo, and with each one it can redo. */
    this.past = [];
    this.future = [];
  }

  get canGoBack() {
    return this.olds.length > 0;
  }

  get canGoForward() {
    return this.news.length > 0;
  }

  /** A step in the editor on the text `before`: what was undone is gone. */
  stepped(before) {
    this.past.push(before);
    this.news = [];
    this.future = [];
  }

  /** The editor undoes a step, or does it again; `now`: the text as it was until then. */
  undone(now) {
    this.past.pop();
    this.future.push(now);
  }

  redone(now) {
    this.future.pop();
    this.past.push(now);
  }

  /** The file was written elsewhere; `before`: what it said. */
  overwritten(before) {
    this.olds = [...this.olds, ...this.past, before].filter((one, at, all) => one !== all[at - 1]).slice(-MOST);
    this.past = [];
    this.news = [];
    this.future = [];
  }

  /** One text back from `now`, undefined where there is none. Steps of the editor that can still be
      redone go along as texts. */
  back(now) {
    const old = this.olds.pop();
    if (old === undefined) return undefined;
    this.news = [...this.news, ...this.future, now];
    this.future = [];
    return old;
  }

  forward(now) {
    const next = this.news.pop();
    if (next !== undefined) this.olds.push(now);
    return next;
  }
}
