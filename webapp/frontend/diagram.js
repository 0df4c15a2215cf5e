// The position of a run on its diagrams. The server's picture stays where this cannot run.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

export async function showDiagrams(scope) {
  for (const figure of scope.querySelectorAll("[data-diagram]:not(.is-live)")) {
    await showDiagram(figure);
  }
}

async function showDiagram(figure) {
  const answer = await fetch(figure.dataset.diagram, { headers: { Accept: "application/xml" } });
  if (!answer.ok) return;
  const stage = document.createElement("div");
  figure.classList.add("is-live");
  figure.append(stage);
  stage.className = "fq-diagram-stage";
  const viewer = new NavigatedViewer({ container: figure });
  try {
    await viewer.importXML(await answer.text());
  } catch {
    viewer.destroy();
    stage.remove();
    figure.classList.remove("is-live");
    return;
  }
  stage.remove();
  figure.querySelector("img")?.remove();
  const canvas = viewer.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  for (const element of figure.dataset.active.split(" ").filter(Boolean)) {
    canvas.addMarker(element, "is-here");
  }
}
