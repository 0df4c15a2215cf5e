// Marks on elements of the diagrams: what a run of scenarios passed, what changed, where past cases part.

/** One kind of marks at a time is shown. A mark is {style: added | changed | removed | passed | missed |
    parted | stuck, words}; `words` stand beside the element, "" for none. */
export class Marks {
  constructor() {
    this.listeners = new Set();
    this.kind = "";
    this.found = new Map();
  }

  /** `found`: element → mark. Kind "" shows none. */
  show(kind, found = new Map()) {
    this.kind = kind;
    this.found = found;
    for (const listener of this.listeners) listener(this);
  }

  onShow(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
