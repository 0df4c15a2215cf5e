// package.toml changed in place: what nobody touched, comments and order stay as they are.
import { parse } from "smol-toml";

const HEADER = /^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$/;
const KEY = /^\s*([\w-]+|"[^"]*")\s*=\s*/;
const LONG = 100;

/** A value as TOML writes it: texts, truth values, numbers, lists of texts, titles {zh, en}. */
export function written(value) {
  if (Array.isArray(value)) return listed(value.map(written));
  if (value && typeof value === "object") return `{ ${Object.entries(value).map(([key, inner]) => `${bare(key)} = ${written(inner)}`).join(", ")} }`;
  return JSON.stringify(value);
}

function listed(items) {
  const line = `[${items.join(", ")}]`;
  return line.length > LONG ? `[\n${items.map((one) => `  ${one},\n`).join("")}]` : line;
}

const bare = (key) => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key));

/** Where a value that begins at `lines[line][column]` ends: its last line, and what follows it there. */
function endOf(lines, line, column) {
  let depth = 0;
  let quote = "";
  for (let row = line; row < lines.length; row += 1) {
    const text = lines[row];
    for (let at = row === line ? column : 0; at < text.length; at += 1) {
      const three = text.slice(at, at + 3);
      if (quote) {
        if (text[at] === "\\" && quote[0] === '"') at += 1;
        else if (text.startsWith(quote, at)) {
          at += quote.length - 1;
          quote = "";
        }
      } else if (three === '"""' || three === "'''") {
        quote = three;
        at += 2;
      } else if (text[at] === '"' || text[at] === "'") quote = text[at];
      else if ("[{".includes(text[at])) depth += 1;
      else if ("]}".includes(text[at])) depth -= 1;
      else if (text[at] === "#" && depth === 0) return { to: row, tail: ` ${text.slice(at)}` };
      else if (text[at] === "#") break;
    }
    if (quote.length === 1) quote = "";
    if (!quote && depth <= 0) return { to: row, tail: "" };
  }
  return { to: lines.length - 1, tail: "" };
}

/** The file as blocks: {name, isArray, lead, from, to, keys: [{name, from, to, tail}]}. The first has
    the name "". `lead`: the first line of the comment above; `to`: behind its last line. */
export function blocksOf(text) {
  const lines = text.split("\n");
  const blocks = [{ name: "", isArray: false, lead: 0, from: -1, keys: [] }];
  for (let row = 0; row < lines.length; row += 1) {
    const header = HEADER.exec(lines[row]);
    const key = KEY.exec(lines[row]);
    if (header) {
      let lead = row;
      while (lead > 0 && lines[lead - 1].trimStart().startsWith("#")) lead -= 1;
      blocks.at(-1).to = lead;
      blocks.push({ name: header[2], isArray: header[1] === "[[", lead, from: row, keys: [] });
    } else if (key) {
      const end = endOf(lines, row, key[0].length);
      blocks.at(-1).keys.push({ name: key[1].replace(/^"|"$/g, ""), from: row, ...end });
      row = end.to;
    }
  }
  blocks.at(-1).to = lines.length;
  return blocks;
}

/** Replaces lines from..to (excluded) by others. */
function spliced(text, from, to, added) {
  const lines = text.split("\n");
  lines.splice(from, to - from, ...added);
  return lines.join("\n");
}

/** The text with a key of a block set; undefined takes it away. */
export function setKey(text, block, name, value) {
  const found = block.keys.find((one) => one.name === name);
  if (value === undefined) return found ? spliced(text, found.from, found.to + 1, []) : text;
  const line = `${bare(name)} = ${written(value)}`;
  if (found) return spliced(text, found.from, found.to + 1, (line + found.tail).split("\n"));
  const last = block.keys.at(-1);
  const at = last ? last.to + 1 : block.from + 1;
  return spliced(text, at, at, line.split("\n"));
}

/** The text with a new block behind the last of its kind, else at the end. `kind`: start, documents… */
export function addBlock(text, kind, header, values) {
  const blocks = blocksOf(text);
  const last = blocks.filter((one) => isOf(one, kind)).at(-1) ?? blocks.at(-1);
  const lines = text.split("\n");
  let at = last.to;
  while (at > 0 && !lines[at - 1].trim()) at -= 1;
  const rest = at === lines.length || lines.slice(at).every((one) => !one.trim()) ? [""] : [];
  const added = ["", header, ...Object.entries(values).flatMap(([key, value]) => `${bare(key)} = ${written(value)}`.split("\n")), ...rest];
  return spliced(text, at, rest.length ? lines.length : at, added);
}

export function dropBlock(text, block) {
  return spliced(text, block.lead, block.to, []).replace(/\n{3,}/g, "\n\n");
}

/** Two blocks in each other's place; `first` stands above. */
export function swapBlocks(text, first, second) {
  const lines = text.split("\n");
  const cut = (one) => lines.slice(one.lead, one.to);
  const between = lines.slice(first.to, second.lead);
  return spliced(text, first.lead, second.to, [...ended(cut(second)), ...between, ...cut(first)]);
}

const ended = (lines) => (lines.at(-1)?.trim() ? [...lines, ""] : lines);

/** Whether a block is one of `kind`: [[start]], or [documents.agreement]. */
export const isOf = (block, kind) => block.name === kind || block.name.startsWith(`${kind}.`);

/** The header of a table with its own name. */
export const headerOf = (kind, key) => `[${kind}.${bare(key)}]`;

/** What the text says, null where it is no TOML. */
export function read(text) {
  try {
    return parse(text);
  } catch {
    return null;
  }
}
