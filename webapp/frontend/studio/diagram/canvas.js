// The canvas: one Modeler, one diagram at a time; every change goes into the working copy.
import Modeler from "bpmn-js/lib/Modeler";
import { spiffworkflow } from "./spiffworkflow.js";

export class Canvas {
  constructor(studio, place, aside) {
    this.studio = studio;
    this.aside = aside;
    this.path = "";
    this.modeler = new Modeler({ container: place, moddleExtensions: { spiffworkflow } });
    this.modeler.on("commandStack.changed", () => this.write());
    studio.copy.onChange(({ path, by }) => by !== this && path === this.path && this.load());
  }

  /** Shows a diagram and in it an element. */
  async open(path, element) {
    if (path && path !== this.path) {
      this.path = path;
      await this.load();
      this.modeler.get("canvas").zoom("fit-viewport", "auto");
    }
    if (element) this.select(element);
  }

  async load() {
    await this.modeler.importXML(this.studio.copy.read(this.path));
  }

  async write() {
    const { path } = this;
    const { xml } = await this.modeler.saveXML({ format: true });
    this.studio.copy.write(path, xml, this);
  }

  select(id) {
    const element = this.modeler.get("elementRegistry").get(id);
    if (!element) return;
    this.modeler.get("selection").select(element);
    this.modeler.get("canvas").scrollToElement(element);
  }
}
