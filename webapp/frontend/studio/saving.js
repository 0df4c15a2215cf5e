// Saving: every save is kept on the server and can be brought back; what is not saved is kept here.
import { button, h, icon } from "./dom.js";
import { showOvertaken } from "./overtaken.js";
import { Unsaved } from "./recovering.js";
import { t } from "./words.js";

const KEEP_MS = 600;
/** Until the next try after the server could not be reached. */
const AGAIN_MS = 5000;

const clock = (at) => `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;

/** {save()}; waits only for what this browser kept. `window_`: {id, others} of `introduce`. */
export async function watchSaving(studio, window_) {
  const { copy, server, told } = studio;
  const name = `${studio.page.dataset.address} ${document.querySelector(".fq-who b, .fq-post b")?.textContent ?? ""}`;
  let timer = 0;
  let busy = false;
  let again = 0;
  let isOut = false;

  const unsaved = new Unsaved(studio, name, window_);
  const remember = () => unsaved.remember();
  if (told.may_edit) await unsaved.recover();
  if (copy.isChanged) say({ style: "is-open", words: t("有没保存的修改"), picture: "pen" });
  else say(told.saved ? { style: "", words: t("已保存 {time}", { time: told.saved.time }) } : { style: "", words: t("与第 {n} 版相同", { n: told.from_version }) });
  const saveButton = button(t("保存"), () => save(), { picture: "save", style: "btn-quiet btn-sm", disabled: !told.may_edit, title: "Ctrl+S" });
  studio.part("acts").append(saveButton);
  copy.onChange(() => {
    if (copy.isChanged) say({ style: "is-open", words: t("有没保存的修改"), picture: "pen" });
    else say({ style: "", words: t("没有修改") });
    clearTimeout(timer);
    timer = setTimeout(remember, KEEP_MS);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    save();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!copy.isChanged) return;
    remember();
    event.preventDefault();
  });
  window.addEventListener("online", () => copy.isChanged && save());
  window.addEventListener("focus", back);
  document.addEventListener("visibilitychange", back);

  /** From signing in, in another window. */
  function back() {
    if (isOut && !document.hidden) save();
  }

  /** `more`: a link behind the words. */
  function say({ style, words, picture = "ok", more = null }) {
    const place = studio.part("saved");
    place.className = `fq-saved is-light ${style}`;
    place.replaceChildren(...[icon(picture), words, more].filter(Boolean));
  }

  async function save(notes = "") {
    if (busy || !copy.isChanged) return true;
    busy = true;
    isOut = false;
    clearTimeout(again);
    const sent = copy.changes();
    say({ style: "", words: t("正在保存"), picture: "sync" });
    try {
      const { saved } = await server.post("save", { revision: copy.revision, changes: sent, notes });
      settle(sent, saved);
      return true;
    } catch (problem) {
      return await failed(problem, notes);
    } finally {
      busy = false;
    }
  }

  function settle(sent, saved) {
    for (const [path, content] of Object.entries(sent)) {
      if (content === null) copy.saved.delete(path);
      else copy.saved.set(path, content);
    }
    copy.revision = saved.number;
    copy.settle();
    remember();
    studio.told.saved = saved;
    say(copy.isChanged ? { style: "is-open", words: t("有没保存的修改"), picture: "pen" } : { style: "", words: t("已保存 {time}", { time: clock(new Date()) }) });
    document.dispatchEvent(new CustomEvent("studio:saved", { detail: saved }));
  }

  async function failed(problem, notes) {
    isOut = problem.status === 401;
    say({ style: "is-failed", words: problem.message, picture: "over", more: isOut && h("a", { href: "/sign-in", target: "_blank" }, t("重新登录")) });
    remember();
    if (problem.status === 0) again = setTimeout(() => save(notes), AGAIN_MS);
    if (problem.status === 409 && problem.data.theirs) {
      const go = await showOvertaken(studio, problem.data.theirs);
      busy = false;
      if (go) return together(problem.data.theirs, notes);
    }
    return false;
  }

  /** Both sides are in the copy now; where only the other's is left there is nothing to save. */
  function together({ saved, version, versions, from_version }, notes) {
    Object.assign(studio.told, { saved, version, versions, from_version });
    if (copy.isChanged) return save(notes);
    remember();
    say({ style: "", words: t("已保存 {time}", { time: saved.time }) });
    document.dispatchEvent(new CustomEvent("studio:saved", { detail: saved }));
    return true;
  }

  return { save, say };
}
