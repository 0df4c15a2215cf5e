// Scenario files as a list needs them.

const FOLDER = /\/scenarios\/[^/]+\.json$/;

/** Paths of all scenarios. */
export const scenarioPaths = (copy) => copy.list("bpmn/", ".json").filter((path) => FOLDER.test(path));

export const nameOf = (path) => path.split("/").at(-1).replace(/\.json$/, "");

/** Title of a scenario, its name where the file is broken. */
export function titleOf(copy, path) {
  try {
    return JSON.parse(copy.read(path)).title || nameOf(path);
  } catch {
    return nameOf(path);
  }
}

/** The diagram in which an element is drawn, "" for none. */
export const diagramOf = (copy, element) => copy.list("bpmn/", ".bpmn").find((path) => copy.read(path).includes(` id="${element}"`)) ?? "";
