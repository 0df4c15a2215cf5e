// The panel at the right: what is chosen, in groups, each with a line that says what it is for.
import { h, icon, refill } from "../../dom.js";
import { fixOf } from "../../fixes.js";
import { t } from "../../words.js";
import { remarksOn } from "../../versions/comments.js";
import { kindWords, nameOf } from "../words.js";
import { access } from "./access.js";
import { afterwards } from "./afterwards.js";
import { called, decision } from "./calling.js";
import { script, waiting } from "./computing.js";
import { Typed } from "./fields.js";
import { filling } from "./filling.js";
import { condition, exits } from "./flows.js";
import { limits, timing } from "./limits.js";
import { many } from "./many.js";
import { coded, message } from "./messages.js";
import { naming, ownerOf } from "./naming.js";
import { operation } from "./operation.js";
import { people } from "./people.js";

const GROUPS = [naming, decision, called, operation, script, condition, exits, timing, message, coded, waiting, people, filling, limits, afterwards, many, access];
/** Folded until somebody needs them. */
const FOLDED = new Set(["many", "afterwards"]);
/** Where a kind of element has its expressions. */
const EXPRESSIONS = ["condition", "script", "operation", "waiting", "timing", "filling", "many"];

export class Panel {
  constructor(studio, canvas, aside) {
    Object.assign(this, { studio, canvas, aside, busy: false, typed: new Typed(), folded: new Map(), feels: [] });
    canvas.on("selection.changed", () => this.chosen());
    canvas.on("studio.loaded", () => this.chosen());
    canvas.on("studio.leaving", () => this.typed.flush());
    canvas.on("studio.overwritten", () => this.typed.drop());
    canvas.on("elements.changed", ({ elements }) => !this.busy && elements.includes(this.element) && this.soon());
    studio.checks.onCheck(() => this.mark());
    studio.copy.onChange(({ path, by }) => by !== canvas && path !== canvas.path && !this.busy && this.soon());
    aside.addEventListener("compositionstart", () => (this.isComposing = true));
    aside.addEventListener("compositionend", () => (this.isComposing = false));
    aside.addEventListener("keydown", (event) => (event.ctrlKey || event.metaKey) && this.typed.flush(), true);
  }

  get readOnly() {
    return !this.studio.told.may_edit;
  }

  get model() {
    return this.canvas.model;
  }

  get bo() {
    return this.element.businessObject;
  }

  /** Runs commands of one field without drawing the panel under the reader's hands. */
  act(change, { redraw = false } = {}) {
    this.busy = true;
    try {
      change();
    } finally {
      this.busy = false;
    }
    if (redraw) this.draw();
    else this.nameHead();
  }

  /** Drawn anew once the reader's press or key has done its work; never while a word is composed. */
  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.isComposing ? this.soon() : this.draw()), this.isComposing ? 200 : 0);
  }

  chosen() {
    this.typed.flush();
    const chosen = this.canvas.get("selection").get();
    const one = chosen[0] ?? this.canvas.get("canvas").getRootElement();
    this.element = chosen.length > 1 ? null : (one?.labelTarget ?? one);
    this.draw();
  }

  draw() {
    const kept = this.focus();
    this.typed.flush();
    this.feels = [];
    if (!this.element?.businessObject) {
      this.aside.replaceChildren(h("p", { class: "fq-hint fq-side-head" }, this.element === null ? t("选中了几个图形，可以一起移动、对齐、复制。") : t("还没有流程图。")));
      return;
    }
    this.groups = GROUPS.filter((one) => one.fits(this));
    this.alerts = h("div", { class: "fq-side-alerts" });
    this.aside.replaceChildren(this.head(), this.alerts, ...this.groups.map((one) => this.group(one)), remarksOn(this.studio, this.canvas.path, ownerOf(this.bo).id));
    this.mark();
    this.refocus(kept);
  }

  nameHead() {
    const { bo } = this;
    const head = this.aside.querySelector(".fq-side-head h2");
    if (!head) return;
    head.textContent = nameOf(ownerOf(bo)) || bo.text || kindWords(bo);
    head.nextSibling.textContent = this.kindAndId();
  }

  head() {
    const { bo } = this;
    const owner = ownerOf(bo);
    return h("header", { class: "fq-side-head" }, h("h2", {}, nameOf(owner) || bo.text || kindWords(bo)), h("p", { class: "fq-hint" }, this.kindAndId()));
  }

  kindAndId() {
    return `${kindWords(this.bo)} · ${ownerOf(this.bo).id}`;
  }

  group(one) {
    const help = h("p", { class: "fq-note is-info fq-side-help", hidden: true }, t(one.help));
    const asks = h("button", { type: "button", class: "fq-side-ask", "aria-expanded": "false", "aria-label": t("说明：{what}", { what: t(one.title) }), onclick: () => this.explain(asks, help) }, icon("help"));
    const open = this.folded.get(one.key) ?? !FOLDED.has(one.key);
    const body = h("div", { class: "fq-side-in" }, h("div", { class: "fq-side-guide" }, h("p", { class: "fq-hint" }, t(one.guide)), asks), help, h("div", { class: "fq-side-alerts", "data-alerts": one.key }), one.draw(this));
    return h("details", { class: "fq-side-group", "data-group": one.key, open, ontoggle: (event) => this.folded.set(one.key, event.target.open) }, h("summary", {}, t(one.title)), body);
  }

  explain(asks, help) {
    help.hidden = !help.hidden;
    asks.setAttribute("aria-expanded", String(!help.hidden));
  }

  /** Findings of what is shown, each in the group that can mend it. */
  mark() {
    if (!this.element?.businessObject || !this.groups) return;
    const places = new Map([["", []], ...this.groups.map((one) => [one.key, []])]);
    for (const finding of this.findings()) places.get(this.placeOf(finding)).push(finding);
    this.tell(this.alerts, places.get(""));
    for (const { key } of this.groups) {
      const place = this.aside.querySelector(`[data-alerts="${key}"]`);
      this.tell(place, places.get(key));
      if (places.get(key).length) place.closest("details").open = true;
    }
  }

  tell(place, findings) {
    const found = findings.map((finding) => ({ finding, fix: fixOf(this.studio, finding)?.words ?? "" }));
    refill(place, found, () => found.map((one) => this.alert(one)));
  }

  findings() {
    const ids = new Set([this.bo.id, ownerOf(this.bo).id]);
    return this.studio.checks.of(this.canvas.path).filter((one) => ids.has(one.element));
  }

  /** The group whose business it is; what an expression says, where this kind has its expressions. */
  placeOf(finding) {
    const named = this.groups.find((one) => one.codes.includes(finding.code));
    const said = this.groups.find((one) => EXPRESSIONS.includes(one.key));
    const isText = /expression|feel|name_unknown|used_before/.test(finding.code);
    return (named ?? (isText ? said : null))?.key ?? "";
  }

  alert({ finding, fix }) {
    const isError = finding.severity === "error";
    const mend = () => fixOf(this.studio, finding)?.act();
    return h("div", { class: `fq-side-alert ${isError ? "is-bad" : "is-warn"}` }, icon(isError ? "bad" : "over"), h("div", {}, finding.message, fix && h("div", {}, h("button", { type: "button", class: "btn btn-quiet btn-sm", onclick: mend }, fix))));
  }

  /** Where the reader is, so that drawing anew does not throw them out. */
  focus() {
    const at = this.aside.contains(document.activeElement) ? document.activeElement.closest("[data-key]") : null;
    return at && { key: at.dataset.key, start: at.selectionStart, id: this.bo.id };
  }

  refocus(kept) {
    if (!kept || kept.id !== this.bo.id) return;
    const field = this.aside.querySelector(`[data-key="${kept.key}"]`);
    field?.focus();
    if (kept.start !== undefined && kept.start !== null) field?.setSelectionRange?.(kept.start, kept.start);
  }
}
