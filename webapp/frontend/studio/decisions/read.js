// What a list needs to know of .dmn files, read from their texts.

/** Decisions of a file: [{id, name}]; [] for a broken one. */
export function decisionsIn(xml) {
  const found = new DOMParser().parseFromString(xml ?? "", "application/xml");
  return [...found.getElementsByTagNameNS("*", "decision")].map((one) => ({
    id: one.getAttribute("id") ?? "",
    name: one.getAttribute("name") || one.getAttribute("id") || "",
  }));
}

/** The decision or function an element stands in (itself, a rule, a cell), "" for none. */
export function decisionOf(xml, element) {
  if (!element) return "";
  const found = new DOMParser().parseFromString(xml ?? "", "application/xml").querySelector(`[id="${CSS.escape(element)}"]`);
  return found?.closest("decision, businessKnowledgeModel")?.getAttribute("id") ?? "";
}

/** What a file is called: its own name, else that of its first decision. */
export function titleOf(copy, path) {
  const xml = copy.read(path) ?? "";
  return /<(?:\w+:)?definitions\b[^>]*?\bname="([^"]+)"/.exec(xml)?.[1] ?? decisionsIn(xml)[0]?.name ?? path.split("/").at(-1);
}

/** Diagrams with a task that calls one of the decisions. */
export function callersOf(studio, ids) {
  const calls = (path) => [...(studio.copy.read(path) ?? "").matchAll(/calledDecisionId>\s*([^<\s]+)/g)].some((one) => ids.includes(one[1]));
  return studio.copy.list("bpmn/", ".bpmn").filter(calls);
}
