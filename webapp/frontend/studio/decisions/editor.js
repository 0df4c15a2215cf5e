// The editor of one .dmn file: its picture, its tables, its expressions. Nothing is written before a
// person changes something.
import Modeler from "dmn-js/lib/Modeler";
import { editText } from "../source/editor.js";
import { t } from "../words.js";
import { translate } from "./translate.js";

const TYPES = ["string", "number", "boolean", "date", "time", "date and time", "days and time duration", "years and months duration", "list", "context", "Any"];
const VIEWS = ["drd", "decisionTable", "literalExpression", "boxedExpression"];

/** A module that gives the editor our words. */
const words = { translate: ["value", translate] };

export class DecisionEditor {
  /** `viewed(element id)` hears which decision is shown, "" for the picture of all. */
  constructor(studio, place, viewed) {
    this.studio = studio;
    this.place = place;
    this.path = "";
    carryNonce(studio);
    const own = Object.fromEntries(VIEWS.map((view) => [view, { additionalModules: [words] }]));
    this.modeler = new Modeler({ container: place, common: { dataTypes: TYPES }, ...own });
    // A press on a choice must not move the focus: the library closes its lists when the focus goes.
    place.addEventListener("mousedown", (event) => event.target.closest(".dms-select-options") && event.preventDefault(), true);
    // Listeners of the library return nothing: an answer would keep others from hearing.
    this.modeler.on("viewer.created", ({ viewer }) => {
      viewer.on("commandStack.changed", ({ trigger }) => {
        if (trigger !== "clear") this.write();
      });
      viewer.on("contextMenu.open", () => {
        requestAnimationFrame(() => this.nameMenu());
      });
    });
    this.modeler.on("views.changed", ({ activeView }) => {
      requestAnimationFrame(() => this.nameNumbers());
      if (activeView) viewed(activeView.type === "drd" ? "" : activeView.element.id);
    });
  }

  /** Shows a file and in it a decision; "" the first. False for a decision only its source shows.
      Raises what the library says of a broken file. */
  async open(path, decision = "") {
    if (path !== this.path) {
      this.path = path;
      await this.load();
    }
    const view = this.modeler.getViews().find((one) => one.id === decision);
    if (!view && decision) await this.picture();
    else if (view && view !== this.modeler.getActiveView()) await this.modeler.open(view);
    return Boolean(view || !decision);
  }

  /** The column of rule numbers has no words of its own. */
  nameNumbers() {
    this.place.querySelector("thead .index-column")?.setAttribute("aria-label", t("规则的号数"));
  }

  /** The one label the library does not ask our words for. */
  nameMenu() {
    this.place.querySelector(".context-menu [aria-label^='Decision']")?.setAttribute("aria-label", t("这里可以做什么"));
  }

  /** The file is read anew when it is opened next. */
  forget() {
    this.path = "";
  }

  async load() {
    await this.modeler.importXML(this.studio.copy.read(this.path));
  }

  async write() {
    const { path } = this;
    const { xml } = await this.modeler.saveXML({ format: true });
    this.studio.copy.write(path, xml, this);
  }

  /** Shows how the decisions of the file hang together. */
  async picture() {
    const view = this.modeler.getViews().find((one) => one.type === "drd");
    if (!view) return;
    await this.modeler.open(view);
    this.modeler.getActiveViewer().get("canvas").zoom("fit-viewport", "auto");
  }

  step(what) {
    this.modeler.getActiveViewer()?.get("commandStack")[what]();
  }

  /** Ids of the rules of a decision, in order. */
  rules(decision) {
    const view = this.modeler.getViews().find((one) => one.id === decision);
    return (view?.element.decisionLogic?.rule ?? []).map((rule) => rule.id);
  }

  /** The id of a cell of a table, counted from 1; "" where there is none. */
  cell(decision, row, column) {
    const view = this.modeler.getViews().find((one) => one.id === decision);
    const rule = view?.element.decisionLogic?.rule?.[row - 1];
    return [...(rule?.inputEntry ?? []), ...(rule?.outputEntry ?? [])][column - 1]?.id ?? "";
  }

  showRow(id) {
    const row = this.place.querySelector(`[data-row-id="${CSS.escape(id)}"]`);
    row?.scrollIntoView({ block: "center", inline: "nearest" });
    row?.closest("tr")?.querySelector("[contenteditable]")?.focus();
  }
}

/** The cells' editor writes its style sheet through the first one of the page; that has the nonce. */
function carryNonce(studio) {
  editText(document.createElement("div"), { nonce: studio.nonce, label: "" }).destroy();
}
