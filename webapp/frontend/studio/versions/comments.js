// What people say to each other about the package: all of it, or what concerns one element.
import { button, h } from "../dom.js";
import { t } from "../words.js";

const EVERY_MS = 60_000;

export class Comments {
  constructor(studio) {
    this.studio = studio;
    this.all = [];
    this.listeners = new Set();
  }

  onChange(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Those of a file; of one element of it, or ("", "") of the whole package. */
  of(path, element = null) {
    return this.all.filter((one) => one.file === path && (element === null || one.element === element));
  }

  get open() {
    return this.all.filter((one) => !one.settled_by);
  }

  async load() {
    try {
      const { comments } = await this.studio.server.get("comments");
      this.put(comments);
    } catch {
      // Remarks can wait; saving says that the network is gone.
    }
  }

  put(all) {
    if (JSON.stringify(all) === JSON.stringify(this.all)) return;
    this.all = all;
    for (const listener of this.listeners) listener(this);
  }

  async add(file, element, text) {
    const added = await this.studio.server.post("comments", { file, element, text });
    this.put([...this.all, added]);
  }

  async settle(id, settled) {
    const found = await this.studio.server.post(`comments/${id}`, { settled });
    this.put(this.all.map((one) => (one.id === id ? found : one)));
  }
}

/** Keeps `studio.comments` fresh. */
export function watchComments(studio) {
  studio.comments = new Comments(studio);
  studio.comments.load();
  setInterval(() => !document.hidden && studio.comments.load(), EVERY_MS);
}

/** Remarks on an element that nobody has dealt with. */
export const commentsOf = (studio, path, element) => studio.comments?.of(path, element).filter((one) => !one.settled_by) ?? [];

const day = (text) => new Date(text).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

/** One remark; `where`: a node that says what it is about, or null. */
export function remark(studio, one, where = null) {
  const settle = button(one.settled_by ? t("还没解决") : t("已解决"), () => studio.comments.settle(one.id, !one.settled_by), { style: "btn-quiet btn-sm" });
  return h(
    "li",
    { class: one.settled_by ? "fq-comment is-settled" : "fq-comment" },
    h("div", {}, h("b", {}, one.who), " ", h("span", { class: "fq-sub" }, day(one.at)), where && [" ", where]),
    h("p", {}, one.text),
    h("div", { class: "fq-row" }, one.settled_by && h("span", { class: "fq-sub" }, t("{who}标为已解决", { who: one.settled_by })), settle),
  );
}

/** A thread with a field to answer, for the panel of an element. `element` "": of the file. */
export function commentThread(studio, path, element) {
  const list = h("ul", { class: "fq-comments" });
  const field = h("textarea", { class: "form-control", rows: 2, maxLength: 2000, "aria-label": t("写批注") });
  const failed = h("p", { class: "fq-hint", role: "status" });
  const place = h("div", { class: "fq-thread" }, list, field, h("div", { class: "fq-row" }, button(t("写批注"), send, { style: "btn-quiet btn-sm" }), failed));
  const stop = studio.comments.onChange(() => (place.isConnected ? draw() : stop()));

  function draw() {
    list.replaceChildren(...studio.comments.of(path, element).map((one) => remark(studio, one)));
  }

  async function send() {
    try {
      await studio.comments.add(path, element, field.value);
      field.value = "";
      failed.textContent = "";
    } catch (problem) {
      failed.textContent = problem.message;
    }
  }

  draw();
  return place;
}

/** The group of remarks in the panel of an element; open where somebody waits for an answer. */
export function remarksOn(studio, path, element) {
  const head = h("summary", {});
  const group = h("details", { class: "fq-side-group", "data-group": "remarks", open: count() > 0 }, head, h("div", { class: "fq-side-in" }, commentThread(studio, path, element)));
  const stop = studio.comments.onChange(() => (group.isConnected ? name() : stop()));

  function count() {
    return commentsOf(studio, path, element).length;
  }

  function name() {
    head.textContent = count() ? t("批注（{n}）", { n: count() }) : t("批注");
  }

  name();
  return group;
}
