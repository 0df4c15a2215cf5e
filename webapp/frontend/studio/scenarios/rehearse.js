// A rehearsal walks a version: the copy is saved and handed in, where it is not a version already.
import { t } from "../words.js";

/** Goes to the page of the rehearsal; says why where it cannot. */
export async function rehearse(studio) {
  const version = await handIn(studio, t("为演练交成的版本"));
  if (version) location.href = `${version.url}/rehearse`;
}

/** The version that is the copy now, null where it could not be made; the reason is said in the bar. */
export async function handIn(studio, notes) {
  if (!(await studio.saving.save(notes))) return null;
  try {
    const { version } = await studio.server.post("hand-in", { revision: studio.copy.revision, notes });
    return version;
  } catch (problem) {
    studio.saving.say({ style: "is-failed", words: problem.message, picture: "over" });
    return null;
  }
}
