// One form on the desk: its two files in the working copy, what is chosen, and steps that can be taken back.
import { ordered, place } from "./model.js";
import { t } from "../words.js";
import { isObject, readJson, writeJson } from "./text.js";

const MOST_STEPS = 100;
const ONE_STEP_MS = 800;

/** Listeners hear what changed: "form" (another form, or from outside), "shape", "text", "chosen". */
export class Desk {
  constructor(studio) {
    this.studio = studio;
    this.name = "";
    this.chosen = { kind: "form" };
    this.listeners = new Set();
    this.problems = [];
    this.forget();
    studio.copy.onChange(({ path, by }) => {
      if (by === this || !this.name || (path !== this.schemaPath && path !== this.uiPath)) return;
      this.tell("form");
    });
  }

  get folder() {
    return `forms/${this.studio.key}/`;
  }

  get schemaPath() {
    return `${this.folder}${this.name}.schema.json`;
  }

  get uiPath() {
    return `${this.folder}${this.name}.ui.json`;
  }

  get texts() {
    const { copy } = this.studio;
    return { schema: copy.read(this.schemaPath) ?? "", ui: copy.read(this.uiPath) ?? "" };
  }

  /** {schema, ui}, or {broken: [{file, line, message}]}. */
  get form() {
    const { schema, ui } = this.texts;
    const read = { schema: readJson(schema), ui: readJson(ui) };
    const broken = Object.entries(read).filter(([, one]) => !isObject(one.value)).map(([file, one]) => ({ file, line: one.line ?? 1, message: one.message ?? t("这里要写成一个对象：{ … }。") }));
    return broken.length ? { broken } : { schema: read.schema.value, ui: read.ui.value };
  }

  get mayEdit() {
    return this.studio.told.may_edit;
  }

  onChange(listener) {
    this.listeners.add(listener);
  }

  tell(what) {
    for (const listener of this.listeners) listener(what);
  }

  open(name, at = "") {
    const isNew = name !== this.name;
    if (isNew) {
      this.name = name;
      this.chosen = { kind: "form" };
      this.problems = [];
      this.forget();
    }
    const { schema } = this.form;
    if (at && schema && place(schema, at).property) this.chosen = { kind: "field", at };
    if (isNew || at) this.tell("form");
  }

  choose(chosen) {
    this.chosen = chosen;
    this.tell("chosen");
  }

  /** Changes the form; `what` is "text" where only words changed that are being typed. */
  edit(change, what = "shape") {
    const { schema, ui, broken } = this.form;
    if (broken || !this.mayEdit) return undefined;
    const before = this.texts;
    const given = change(schema, ui);
    const after = { schema: this.written(schema, before.schema), ui: this.written(ui, before.ui) };
    if (after.schema === before.schema && after.ui === before.ui) return given;
    this.remember(before, what);
    this.put(after);
    this.settle();
    this.tell(what);
    return given;
  }

  /** The old text where nothing is different, so that looking never rewrites a file. */
  written(value, before) {
    const old = readJson(before);
    return JSON.stringify(old.value) === JSON.stringify(value) ? before : writeJson(value, before);
  }

  put({ schema, ui }) {
    const { copy } = this.studio;
    copy.write(this.schemaPath, schema, this);
    if (ui || copy.read(this.uiPath) !== null) copy.write(this.uiPath, ui, this);
  }

  /** A chosen question that is gone is no longer chosen. */
  settle() {
    const { schema, ui } = this.form;
    const { kind, at, index } = this.chosen;
    const gone = (kind === "field" && !place(schema, at).property) || (kind === "group" && !ui["ui:groups"]?.[index]);
    if (gone) this.chosen = { kind: "form" };
  }

  remember(before, what) {
    const now = performance.now();
    if (what !== "text" || now - this.at > ONE_STEP_MS) this.past.push(before);
    if (this.past.length > MOST_STEPS) this.past.shift();
    this.future = [];
    this.at = what === "text" ? now : -Infinity;
  }

  forget() {
    Object.assign(this, { past: [], future: [], at: -Infinity });
  }

  undo() {
    this.step(this.past, this.future);
  }

  redo() {
    this.step(this.future, this.past);
  }

  step(from, to) {
    if (!from.length || this.form.broken) return;
    to.push(this.texts);
    this.put(from.pop());
    this.at = -Infinity;
    this.settle();
    this.tell("shape");
  }

  /** Problems of one question, as the preview told them. */
  problemsOf(at) {
    const path = `properties.${at.replace(".", ".items.properties.")}`;
    const own = ({ place: said }) => said === path || said.startsWith(`${path}.`) || said === `ui:visible.${at}`;
    return this.problems.filter(own);
  }

  get names() {
    const { schema, ui } = this.form;
    return schema ? ordered(schema, ui) : [];
  }
}
