// Document kinds as package.toml declares them: [documents.<kind>].
import { parse } from "smol-toml";

const manifest = (studio) => `bpmn/${studio.key}/package.toml`;
export const folder = (studio) => `forms/${studio.key}/documents/`;

/** [{kind, title: {zh, en}, path}] in the order of package.toml; empty where that cannot be read. */
export function listKinds(studio) {
  try {
    const { documents = {} } = parse(studio.copy.read(manifest(studio)) ?? "");
    return Object.entries(documents).map(([kind, one]) => ({ kind, title: one.title ?? { zh: kind }, path: `${folder(studio)}${one.template ?? kind}.html` }));
  } catch {
    return [];
  }
}

/** Adds a kind at the end of package.toml. `title`: {zh, en}; without English the Chinese stands for it. */
export function addDocumentKind(studio, kind, title, several = false) {
  const path = manifest(studio);
  const text = studio.copy.read(path) ?? "";
  const quoted = (words) => JSON.stringify(words);
  const lines = ["", `[documents.${kind}]`, `title = { zh = ${quoted(title.zh)}, en = ${quoted(title.en || title.zh)} }`, ...(several ? ["several = true"] : []), ""];
  studio.copy.write(path, text.replace(/\n*$/, "\n") + lines.join("\n"));
}

/** Takes a kind out of package.toml: its table, up to the next one. */
export function dropDocumentKind(studio, kind) {
  const path = manifest(studio);
  const lines = (studio.copy.read(path) ?? "").split("\n");
  const from = lines.findIndex((line) => line.trim() === `[documents.${kind}]`);
  if (from < 0) return;
  const next = lines.findIndex((line, at) => at > from && line.startsWith("["));
  lines.splice(from, (next < 0 ? lines.length : next) - from);
  studio.copy.write(path, lines.join("\n").replace(/\n*$/, "\n"));
}

/** Diagrams that make a document of the kind. */
export function usesOfKind(studio, kind) {
  const said = new RegExp(`(&quot;|"|')${kind}(&quot;|"|')`);
  return studio.copy.list("bpmn/", ".bpmn").filter((path) => said.test(studio.copy.read(path)));
}
