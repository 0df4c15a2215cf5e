// The form as officers will see it on a phone, drawn by the server with the real controls.
import { watchConditions } from "../../forms/conditions.js";
import { h } from "../dom.js";
import { t } from "../words.js";

const QUIET_MS = 300;

/** {element, soon()}. What is wrong goes to `told(problems)`; the last good picture stays. */
export function showPreview(desk, told) {
  const frame = h("iframe", { class: "fq-phone-screen", sandbox: "allow-same-origin", title: t("手机上的样子") });
  const state = h("p", { class: "fq-hint", role: "status" });
  const element = h("section", { class: "fq-phone", "aria-label": t("手机上的样子") }, h("h2", {}, t("手机上的样子")), state, h("div", { class: "fq-phone-case" }, frame));
  let timer = 0;
  let running = null;
  let shown = "";

  async function ask() {
    running?.abort();
    running = new AbortController();
    const { name } = desk;
    try {
      const { html, problems } = await desk.studio.server.post("preview/form", { name, ...desk.texts }, running.signal);
      if (name !== desk.name) return;
      state.textContent = html ? "" : t("改好标出的地方以后会接着显示。下面是上一次的样子。");
      if (html) await show(html, name);
      told(problems);
    } catch (failure) {
      if (failure.name !== "AbortError") state.textContent = failure.message;
    }
  }

  async function show(html, name) {
    if (shown === name && frame.contentDocument?.body) {
      const fresh = new DOMParser().parseFromString(html, "text/html");
      const top = frame.contentDocument.scrollingElement.scrollTop;
      frame.contentDocument.body.replaceChildren(...fresh.body.childNodes);
      frame.contentDocument.scrollingElement.scrollTop = top;
    } else {
      await new Promise((resolve) => {
        frame.addEventListener("load", resolve, { once: true });
        frame.srcdoc = html;
      });
      shown = name;
    }
    const fields = frame.contentDocument.querySelector("[data-form]");
    if (fields) watchConditions(fields);
    frame.contentDocument.body.addEventListener("click", chosen);
    frame.contentDocument.fonts.ready.then(() => requestAnimationFrame(point));
  }

  /** A press on a question in the picture chooses it. */
  function chosen(event) {
    if (event.target.closest?.("button, a")) event.preventDefault();
    const control = event.target.closest?.(".fq-field, fieldset, .fq-card")?.querySelector?.("[name]") ?? event.target.closest?.("[name]");
    const at = control?.name?.split(".")[0];
    if (at && desk.names.includes(at)) desk.choose({ kind: "field", at });
  }

  /** Shows where the chosen question is, also where its condition hides it. */
  function point() {
    const page = frame.contentDocument;
    if (!page?.body || desk.chosen.kind !== "field") return;
    for (const old of page.querySelectorAll(".is-pointed")) old.classList.remove("is-pointed");
    const [table, column] = desk.chosen.at.split(".");
    const name = column ? `${table}.0.${column}` : table;
    const control = page.querySelector(`[name="${name}"]`) ?? page.getElementById(`f-${table}`) ?? page.querySelector(`[name^="${name}."]`);
    if (!control) return;
    for (let around = control; around; around = around.parentElement) around.hidden = false;
    const around = control.closest(".fq-field, fieldset") ?? control;
    around.classList.add("is-pointed");
    bringIn(around, page.scrollingElement);
  }

  /** Scrolls the phone alone; `scrollIntoView` would move the room around it, too. */
  function bringIn(around, page) {
    const { top, bottom } = around.getBoundingClientRect();
    if (top >= 0 && bottom <= page.clientHeight) return;
    page.scrollTop += top - Math.max(16, (page.clientHeight - (bottom - top)) / 2);
  }

  return {
    element,
    point,
    soon(after = QUIET_MS) {
      clearTimeout(timer);
      timer = setTimeout(ask, after);
    },
  };
}
