// What the rest of the package offers to choose from: forms, tables, diagrams, documents, messages.
import { parse } from "smol-toml";
import { titled } from "../../words.js";

/** package.toml as data; {} while it cannot be read. */
export function manifest(studio) {
  try {
    return parse(studio.copy.read(`bpmn/${studio.key}/package.toml`) ?? "");
  } catch {
    return {};
  }
}

const fileName = (path) => path.split("/").at(-1);

/** [{file, title, path}] of the package's forms. */
export function forms(studio) {
  return studio.copy.list("forms/", ".schema.json").map((path) => ({ file: fileName(path), path, title: formTitle(studio, path) }));
}

function formTitle(studio, path) {
  try {
    const schema = JSON.parse(studio.copy.read(path));
    return titled({ zh: schema.title, en: schema["x-i18n"]?.en?.title }) || fileName(path);
  } catch {
    return fileName(path);
  }
}

/** [{id, name, path}] of what `tag` names in files that end so. */
function named(studio, ending, tag) {
  return studio.copy.list("bpmn/", ending).flatMap((path) => {
    const tags = studio.copy.read(path).matchAll(new RegExp(`<(?:\\w+:)?${tag}\\b[^>]*>`, "g"));
    return [...tags].map(([one]) => ({ id: attribute(one, "id"), name: attribute(one, "name"), path }));
  });
}

const attribute = (tag, name) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "";

export const decisions = (studio) => named(studio, ".dmn", "decision");
export const processes = (studio) => named(studio, ".bpmn", "process");

/** [{kind, title}] of the package's documents. */
export function documents(studio) {
  return Object.entries(manifest(studio).documents ?? {}).map(([kind, one]) => ({ kind, title: titled(one.title) || kind }));
}

/** [{kind, title}] of the letters to other procedures. */
export function handoffs(studio) {
  return (manifest(studio).handoffs ?? []).map((one) => ({ kind: one.kind, title: titled(one.title) || one.kind, messages: one.messages ?? {} }));
}

/** [{name, from}] of the messages this package can wait for; `from`: the letter answered, "" for a withdrawal. */
export function messages(studio) {
  const answers = handoffs(studio).flatMap((one) => Object.values(one.messages).map((name) => ({ name, from: one.title })));
  const drawn = named(studio, ".bpmn", "message").map(({ name }) => ({ name, from: null }));
  const all = [{ name: `${studio.key}.withdraw`, from: "" }, ...answers, ...drawn];
  return [...new Map(all.reverse().map((one) => [one.name, one])).values()].filter((one) => one.name).reverse();
}
