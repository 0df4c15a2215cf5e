// An older save or a version becomes the newest save; every editor shows it at once.
import { t } from "../words.js";

/** `wanted`: {save} or {version}. What is not saved is saved first, so that nothing is lost. */
export async function bring(studio, wanted) {
  if (!(await studio.saving.save())) return false;
  try {
    takeOver(studio, await studio.server.post("restore", wanted));
    return true;
  } catch (problem) {
    studio.saving.say({ style: "is-failed", words: problem.message, picture: "over" });
    return false;
  }
}

/** What the server tells of the working copy replaces what the page has. */
export function takeOver(studio, told) {
  const { saved, revision, from_version, version, versions } = told;
  Object.assign(studio.told, { saved, revision, from_version, version, versions });
  studio.copy.replace(told);
  studio.saving.say({ style: "", words: t("已保存 {time}", { time: saved?.time ?? "" }) });
  document.dispatchEvent(new CustomEvent("studio:saved", { detail: saved }));
}
