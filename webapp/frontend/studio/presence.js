// Who else has the working copy open, and which file.
import { icon } from "./dom.js";
import { t } from "./words.js";

const EVERY_MS = 20_000;

export function watchPresence(studio) {
  async function tell() {
    if (document.hidden) return;
    try {
      const { others } = await studio.server.post("presence", { file: studio.tabs.file });
      const words = others.map(({ who, file }) => (file ? t("{who}也在编辑“{file}”", { who, file: file.split("/").at(-1) }) : t("{who}也打开着", { who })));
      studio.part("others").replaceChildren(...(words.length ? [icon("users"), " ", words.join(t("；"))] : []));
    } catch {
      // Saving says that the network is gone; who else is here can wait.
    }
  }
  tell();
  setInterval(tell, EVERY_MS);
}
