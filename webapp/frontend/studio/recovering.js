// Changes that were typed and never saved, kept in this browser window by window. A window's own come back
// with it; those of a window that is gone are put back, or (where there are several) asked about.
import { ask, button, h, icon } from "./dom.js";
import { forget, keep, listKept } from "./keep.js";
import { showOvertaken } from "./overtaken.js";
import { t } from "./words.js";

const nameOf = (path) => (path.endsWith("/package.toml") ? t("设置") : path.split("/").at(-1));
const told = (files) => files.map(nameOf).join(t("、"));
const moment = (at) => new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

export class Unsaved {
  /** `name`: of the package and whoever works; `window`: {id, others} of `introduce`. */
  constructor(studio, name, window) {
    Object.assign(this, { studio, name, window });
  }

  get key() {
    return `${this.name} ${this.window.id}`;
  }

  /** As it is now. `base`: what the server had of these files, to see later whether somebody changed them. */
  remember() {
    const { copy } = this.studio;
    if (!copy.isChanged) return forget(this.key);
    const changes = copy.changes();
    const base = Object.fromEntries(Object.keys(changes).map((path) => [path, copy.saved.get(path) ?? null]));
    return keep(this.key, { revision: copy.revision, changes, base, at: Date.now() });
  }

  /** What windows left behind; ends when the reader has settled what must be settled at once. */
  async recover() {
    const all = await this.left();
    const mine = all.find((one) => one.key === this.key);
    const gone = all.filter((one) => one !== mine && !this.isOpen(one));
    const first = mine ?? (gone.length === 1 ? gone[0] : null);
    if (first) await this.putBack(first);
    this.list(gone.filter((one) => one !== first));
    this.tellOpen(all.filter((one) => one !== mine && this.isOpen(one)));
  }

  isOpen({ key }) {
    return this.window.others.has(key.slice(this.name.length + 1));
  }

  /** Those that still change something, the newest first; others are forgotten. */
  async left() {
    const { copy } = this.studio;
    const found = [];
    for (const [key, kept] of await listKept(this.name)) {
      if (Object.entries(kept.changes).every(([path, content]) => same(content, copy.saved.get(path)))) await forget(key);
      else found.push({ key, ...kept });
    }
    return found.sort((one, other) => other.at - one.at);
  }

  note(...inside) {
    const made = h("div", { class: "fq-note is-info", role: "status" }, icon("history"), h("div", {}, ...inside));
    this.studio.part("room").before(made);
    return made;
  }

  async putBack(one) {
    await this.take(one);
    const { copy } = this.studio;
    if (copy.isChanged) this.note(t("上次没有保存的修改已经放回这里。"), " ", button(t("不要这些修改"), () => this.drop(), { style: "btn-quiet btn-sm" }));
  }

  /** The changes become this window's; held against what the server has where that is newer. */
  async take({ key, changes, base = {}, revision }) {
    const { copy, told: server } = this.studio;
    for (const [path, content] of Object.entries(changes)) {
      copy.history(path).at = -Infinity; // A step of its own, however soon after another.
      copy.write(path, content);
    }
    await this.remember();
    if (key !== this.key) await forget(key);
    if (!copy.isChanged || revision === copy.revision || !server.saved) return;
    const before = new Map([...copy.saved, ...Object.entries(base)]);
    await showOvertaken(this.studio, { ...server, files: Object.fromEntries(copy.saved) }, before);
    await this.remember();
  }

  async drop() {
    await forget(this.key);
    this.studio.copy.changed.clear();
    location.reload();
  }

  list(gone) {
    if (!gone.length) return;
    const row = (one) => {
      const line = h("li", { class: "fq-row is-apart" }, h("span", {}, t("{time}：{files}", { time: moment(one.at), files: told(Object.keys(one.changes)) })), h("span", { class: "fq-row" }, act(t("放回来"), () => this.take(one)), act(t("扔掉"), () => this.throwAway(one))));
      return line;
      function act(words, work) {
        return button(words, async () => (await work()) !== false && settled(line), { style: "btn-quiet btn-sm" });
      }
    };
    const settled = (line) => {
      line.remove();
      if (!note.querySelector("li")) note.remove();
    };
    const note = this.note(t("这台电脑上还有别的窗口没有保存的修改。放回来以后可以撤销。"), h("ul", { class: "fq-left" }, gone.map(row)));
  }

  async throwAway(one) {
    const sure = await ask(t("扔掉这些修改吗？"), t("扔掉以后找不回来。"), t("扔掉"), t("留着"));
    if (sure) await forget(one.key);
    return sure;
  }

  tellOpen(open) {
    if (open.length) this.note(t("另一个窗口也开着，那里有没保存的修改：{files}。两个窗口各改各的；后保存的那个会请您逐个文件选用哪一边。", { files: told([...new Set(open.flatMap((one) => Object.keys(one.changes)))]) }));
  }
}
