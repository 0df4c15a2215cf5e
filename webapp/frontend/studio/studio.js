// The studio page: fetches the working copy, then lets the tabs work on it.
import { watchChecks } from "./checking.js";
import { WorkingCopy } from "./copy.js";
import { h } from "./dom.js";
import { watchFoot } from "./foot/foot.js";
import { Marks } from "./marks.js";
import { watchPresence } from "./presence.js";
import { watchSaving } from "./saving.js";
import { Server } from "./server.js";
import { watchTabs } from "./tabs.js";
import { watchComments } from "./versions/comments.js";
import { offerNewer } from "./versions/offer.js";
import { introduce } from "./windows.js";
import { t } from "./words.js";

const page = document.getElementById("studio");

/** A named part of the page's frame. */
const part = (name) => page.querySelector(`[data-part="${name}"]`);

async function begin() {
  const server = new Server(page.dataset.address);
  const [told, window_] = await Promise.all([server.get("tree"), introduce()]);
  const studio = {
    page,
    part,
    server,
    told,
    key: told.package.split("@")[0],
    copy: new WorkingCopy(told),
    marks: new Marks(),
    nonce: page.dataset.nonce,
    assets: page.dataset.assets,
  };
  studio.checks = watchChecks(studio);
  studio.saving = await watchSaving(studio, window_);
  watchComments(studio);
  offerNewer(studio);
  studio.tabs = watchTabs(studio);
  studio.foot = watchFoot(studio);
  watchPresence(studio);
  studio.checks.soon(0);
}

begin().catch((failure) => {
  part("room").replaceChildren(h("div", { class: "fq-note is-bad", role: "alert" }, t("没能打开：{why}", { why: failure.message })));
});
