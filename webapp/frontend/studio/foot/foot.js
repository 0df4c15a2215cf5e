// The foot of the studio: findings, what is otherwise than in the version in use, past cases.
import { h } from "../dom.js";
import { t } from "../words.js";
import { showDifferences } from "./differences.js";
import { showFindings } from "./findings.js";
import { showReplay } from "./replay.js";

const KEPT = "fengqiao-studio-foot";

/** Draws the foot; `studio.foot.open(key)` turns to one of its pages. */
export function watchFoot(studio) {
  const pages = {
    findings: { name: t("检查结果"), make: showFindings },
    differences: { name: t("与使用中的版本比"), make: showDifferences },
    replay: { name: t("用过去的案件重走"), make: showReplay },
  };
  const made = {};
  const place = h("div", { class: "fq-studio-footpage" });
  const links = Object.entries(pages).map(([key, { name }]) =>
    h("button", { type: "button", "data-page": key, onclick: () => open(key) }, h("span", {}, name), " ", h("b", { class: "fq-count", hidden: true })),
  );
  const told = h("span", { class: "fq-push fq-hint", role: "status" });
  const fold = h("button", { type: "button", class: "fq-foot-fold", "aria-expanded": "true", onclick: () => toggle() }, t("收起"));
  studio.part("foot").append(h("header", { class: "fq-studio-foothead" }, ...links, told, fold), place);

  /** What a page may say in the head: how many there are, and a line at the right. */
  const head = (key) => ({
    count(n, isBad = false) {
      const count = links.find((link) => link.dataset.page === key).querySelector(".fq-count");
      count.hidden = !n;
      count.textContent = String(n);
      count.classList.toggle("is-bad", isBad);
    },
    say(words) {
      if (place.dataset.page === key) told.textContent = words;
      made[key].words = words;
    },
  });

  function page(key) {
    if (!made[key]) {
      made[key] = { place: h("div", {}), words: "" };
      Object.assign(made[key], pages[key].make(studio, made[key].place, head(key)));
    }
    return made[key];
  }

  function open(key) {
    const wanted = page(key);
    if (place.dataset.page && place.dataset.page !== key) made[place.dataset.page].leave?.();
    place.dataset.page = key;
    place.replaceChildren(wanted.place);
    for (const link of links) link.setAttribute("aria-pressed", String(link.dataset.page === key));
    told.textContent = wanted.words;
    toggle(true);
    wanted.show?.();
  }

  function toggle(isOpen = place.hidden) {
    place.hidden = !isOpen;
    fold.textContent = isOpen ? t("收起") : t("展开");
    fold.setAttribute("aria-expanded", String(isOpen));
    try {
      localStorage.setItem(KEPT, isOpen ? "open" : "folded");
    } catch {
      // Private windows keep nothing; the foot then opens the next time.
    }
  }

  page("findings");
  open("findings");
  if (localStorage.getItem(KEPT) === "folded") toggle(false);
  return { open };
}
