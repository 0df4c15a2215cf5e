// The canvas: one Modeler, one diagram at a time; every change goes into the working copy.
import Modeler from "bpmn-js/lib/Modeler";
import minimap from "diagram-js-minimap";
import { h } from "../dom.js";
import { t } from "../words.js";
import { texts } from "./fonts.js";
import { Texts } from "./history.js";
import { house } from "./house/house.js";
import { paintMarks } from "./marks.js";
import { Model } from "./model.js";
import { spiffworkflow } from "./spiffworkflow.js";

/** Of the window, so that nothing touches its border. */
const ALMOST_ALL = 0.94;
/** Below this the words on the shapes cannot be read. */
const READABLE = 0.75;
/** Of free canvas before a diagram that does not fit. */
const EDGE = 24;

export class Canvas {
  constructor(studio, place) {
    this.studio = studio;
    this.place = place;
    place.classList.toggle("is-only-read", !studio.told.may_edit);
    this.path = "";
    this.history = new Texts();
    this.steps = Promise.resolve();
    this.modeler = new Modeler({
      container: place,
      moddleExtensions: { spiffworkflow },
      additionalModules: [minimap, house(studio, () => this.path)],
      textRenderer: texts,
      keyboard: { bind: studio.told.may_edit },
    });
    this.model = new Model(this.modeler);
    this.bindUndo();
    this.bindSave();
    place.querySelector(".bjs-powered-by").title = "bpmn.io";
    new ResizeObserver(() => place.offsetWidth && this.shown()).observe(place);
    paintMarks(studio, this.modeler);
    this.on("commandStack.changed", ({ trigger }) => {
      if (trigger === "execute") this.history.stepped(this.now);
      if (trigger !== "clear") this.writing = this.write();
    });
    studio.copy.onChange(({ path, by }) => {
      if (by !== this && path === this.path) this.loading = this.reload();
    });
  }

  /** In sight again, or of another size: what stands beside a shape is put where the shape now is. */
  shown() {
    const canvas = this.get("canvas");
    canvas.resized();
    this.get("eventBus").fire("canvas.viewbox.changed", { viewbox: canvas.viewbox() });
  }

  get(name) {
    return this.modeler.get(name);
  }

  /** What a listener returns would stop the event, so nothing is. */
  on(event, listener) {
    this.modeler.on(event, (heard) => {
      listener(heard);
    });
  }

  /** Shows a diagram and in it an element. */
  async open(path, element) {
    if (path !== this.path) {
      await this.settle();
      this.path = path;
      this.history = new Texts();
      await this.load();
      this.begin();
    }
    if (element) this.select(element);
  }

  /** What is still being typed belongs to the diagram that is left. */
  async settle() {
    this.get("eventBus").fire("studio.leaving", {});
    await this.writing;
  }

  async load() {
    this.text = this.studio.copy.read(this.path);
    this.written = null;
    if (this.text === null) return;
    this.broken?.remove();
    this.place.classList.remove("is-broken");
    try {
      await this.modeler.importXML(this.text);
    } catch {
      this.tellBroken();
    }
    this.get("eventBus").fire("studio.loaded", {});
  }

  /** What cannot be drawn is told in place of the picture. */
  tellBroken() {
    this.modeler.clear();
    this.place.classList.add("is-broken");
    this.broken = h("div", { class: "fq-note is-bad", role: "alert" }, t("这个文件不是完整的流程图，画不出来。错在哪里，下面的检查结果里有；撤销或删除这张图可以回到原来。"));
    this.place.append(this.broken);
  }

  /** Somebody else wrote the file: another tab, a fix, the layout. The place on the canvas stays. */
  async reload() {
    this.get("eventBus").fire("studio.overwritten", {});
    const chosen = this.selected?.id;
    const view = this.get("canvas").viewbox();
    if (!this.isStep && this.studio.copy.read(this.path) !== null) this.history.overwritten(this.now);
    await this.load();
    this.get("canvas").viewbox({ x: view.x, y: view.y, width: view.width, height: view.height });
    if (chosen) this.select(chosen);
  }

  /** What the file says now, as this editor last read or wrote it. */
  get now() {
    return this.written ?? this.text;
  }

  /** Undone to where it was opened, the file is again what it was, to the letter. */
  async write() {
    const { path } = this;
    const isBack = !this.get("commandStack").canUndo();
    const xml = isBack ? this.text : (await this.modeler.saveXML({ format: true })).xml;
    if (path !== this.path) return;
    this.written = xml;
    this.studio.copy.write(path, xml, this);
  }

  /** A name that is being typed on the canvas is finished first when the reader saves. */
  bindSave() {
    const finish = (event) => (event.ctrlKey || event.metaKey) && event.key === "s" && this.get("directEditing").complete();
    this.place.addEventListener("keydown", finish, true);
  }

  /** The editor's own keys go the same way as the buttons. */
  bindUndo() {
    const actions = this.get("editorActions");
    for (const name of ["undo", "redo"]) {
      actions.unregister(name);
      actions.register(name, () => this[name]());
    }
  }

  /** Presses come one after the other: each needs the text the one before has written. */
  step(act) {
    const turn = this.steps.then(async () => {
      await this.writing;
      act();
      await this.writing;
      await this.loading;
    });
    this.steps = turn.catch(() => {});
    return turn;
  }

  undo() {
    return this.step(() => {
      const stack = this.get("commandStack");
      if (stack.canUndo()) {
        this.history.undone(this.now);
        stack.undo();
      } else this.show(this.history.back(this.now));
    });
  }

  redo() {
    return this.step(() => {
      const stack = this.get("commandStack");
      if (stack.canRedo()) {
        this.history.redone(this.now);
        stack.redo();
      } else this.show(this.history.forward(this.now));
    });
  }

  /** A text of this file that was there before, or after. */
  show(text) {
    if (text === undefined) return;
    this.isStep = true;
    this.studio.copy.write(this.path, text);
    this.isStep = false;
  }

  get canUndo() {
    return this.get("commandStack").canUndo() || this.history.canGoBack;
  }

  get canRedo() {
    return this.get("commandStack").canRedo() || this.history.canGoForward;
  }

  /** As a newcomer first sees a diagram: whole where its words can be read then, else its beginning. */
  begin() {
    this.fit();
    const canvas = this.get("canvas");
    if (canvas.zoom() >= READABLE) return;
    canvas.zoom(READABLE);
    const { inner, outer } = canvas.viewbox();
    const [width, height] = [outer.width / READABLE, outer.height / READABLE];
    const y = inner.height < height ? inner.y - (height - inner.height) / 2 : inner.y - EDGE;
    canvas.viewbox({ x: inner.width < width ? inner.x - (width - inner.width) / 2 : inner.x - EDGE, y, width, height });
  }

  fit() {
    const canvas = this.get("canvas");
    canvas.zoom("fit-viewport", "auto");
    canvas.zoom(canvas.zoom() * ALMOST_ALL, "auto");
  }

  zoom(by) {
    this.get("zoomScroll").stepZoom(by);
  }

  /** The roles that have a lane in the diagram. */
  laneRoles() {
    const roles = this.studio.told.vocabulary.roles.map(({ key }) => key);
    const lanes = this.get("elementRegistry").filter((one) => one.type === "bpmn:Lane");
    return lanes.map((one) => one.businessObject.name).filter((name) => roles.includes(name));
  }

  get selected() {
    const chosen = this.get("selection").get();
    return chosen.length === 1 ? chosen[0] : null;
  }

  select(id) {
    const element = this.get("elementRegistry").get(id);
    if (!element || element === this.get("canvas").getRootElement()) return;
    this.get("selection").select(element);
    this.get("canvas").scrollToElement(element, { top: 40, right: 120, bottom: 60, left: 20 });
  }
}
