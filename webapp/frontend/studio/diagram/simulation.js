// A viewer over which tokens run; loaded only when somebody wants to see it.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import simulation from "bpmn-js-token-simulation/lib/viewer.js";
import { texts } from "./fonts.js";
import { speakHere } from "./simulationwords.js";
import { spiffworkflow } from "./spiffworkflow.js";

/** The running viewer. */
export async function openWalk(place, xml) {
  const viewer = new NavigatedViewer({ container: place, moddleExtensions: { spiffworkflow }, additionalModules: [simulation], textRenderer: texts });
  await viewer.importXML(xml);
  viewer.get("canvas").zoom("fit-viewport", "auto");
  speakHere(place);
  viewer.get("toggleMode").toggleMode(true);
  return viewer;
}
