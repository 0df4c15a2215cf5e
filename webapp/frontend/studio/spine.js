// The main process of a package has the package's key as its id. One drawn elsewhere has another:
// where it is plain which process is meant, one press gives it the key.
import { t } from "./words.js";

const BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const NAMING = ["id", "processRef", "calledElement", "bpmnElement"];

/** {words, act}, or null where no process or several could be the main one. */
export function mendSpine({ copy, key }) {
  const found = alone(copy);
  if (!found) return null;
  return { words: t("把“{name}”作为主流程", { name: found.name }), act: () => rename(copy, found, key) };
}

function read(copy, path) {
  return new DOMParser().parseFromString(copy.read(path) ?? "", "application/xml");
}

/** The one process no other calls. */
function alone(copy) {
  const diagrams = copy.list("bpmn/", ".bpmn").map((path) => ({ path, xml: read(copy, path) }));
  const all = (xml, tag) => [...xml.getElementsByTagNameNS(BPMN, tag)];
  const called = new Set(diagrams.flatMap(({ xml }) => all(xml, "callActivity").map((one) => one.getAttribute("calledElement"))));
  const found = diagrams.flatMap(({ path, xml }) => all(xml, "process").map((one) => ({ path, id: one.id, name: one.getAttribute("name") || one.id })));
  const main = found.filter(({ id }) => !called.has(id));
  return main.length === 1 ? main[0] : null;
}

function rename(copy, { path, id }, key) {
  const xml = read(copy, path);
  for (const element of xml.getElementsByTagName("*")) {
    for (const name of NAMING) if (element.getAttribute(name) === id) element.setAttribute(name, key);
  }
  copy.write(path, new XMLSerializer().serializeToString(xml));
  const settings = `bpmn/${key}/package.toml`;
  const text = copy.read(settings);
  if (typeof text === "string") copy.write(settings, text.replace(`processes = ["${id}"]`, `processes = ["${key}"]`));
}
