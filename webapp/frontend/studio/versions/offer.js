// A version somebody made elsewhere (kept from a rehearsal, uploaded) is offered to the working copy.
import { button, h } from "../dom.js";
import { t } from "../words.js";
import { bring } from "./take.js";

/** The newest version, where it is newer than the working copy and not the same; else null. */
export function newerThanCopy(told) {
  const newest = told.versions[0];
  if (!newest || newest.number === told.version || newest.number === told.from_version) return null;
  const isNewer = !told.saved || Date.parse(newest.at) > Date.parse(told.saved.at);
  return isNewer && newest.digest !== told.saved?.digest ? newest : null;
}

/** In the bar, until it is taken or somebody saves. */
export function offerNewer(studio) {
  const place = h("span", { class: "fq-row" });
  studio.part("base").after(place);

  function draw() {
    const newest = newerThanCopy(studio.told);
    place.replaceChildren(...(newest && studio.told.may_edit ? [h("span", { class: "is-light" }, t("第 {n} 版比工作稿新", { n: newest.number })), button(t("取回"), () => bring(studio, { version: newest.number }), { style: "btn-quiet btn-sm" })] : []));
  }

  document.addEventListener("studio:saved", draw);
  draw();
}
