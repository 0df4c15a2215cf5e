// Underlines what the check says of a cell or an expression, in the editor's own view. The library owns
// what it drew, so nothing is put between: ranges are highlighted where they stand.

const NAME = "fq-fault";
const WORD = /^[\w\u3400-\u9fff]+/;

/** Returns {show(spots)}. A spot: {id (of a cell; "" for the one expression there is), line, column,
    message}; without a line the whole text is meant. */
export function markFaults(place) {
  let shown = [];
  let waiting = 0;
  const paintSoon = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(paint);
  };
  new MutationObserver(paintSoon).observe(place, { childList: true, characterData: true, subtree: true });

  function paint() {
    for (const old of place.querySelectorAll("[data-fault]")) {
      delete old.dataset.fault;
      old.removeAttribute("title");
    }
    const ranges = shown.flatMap((spot) => textsOf(place, spot).map((text) => underline(text, spot)));
    globalThis.CSS?.highlights?.set(NAME, new Highlight(...ranges.filter(Boolean)));
  }

  return {
    show(spots) {
      shown = spots;
      paintSoon();
    },
  };
}

/** Where the text of a spot stands now: what is shown, and what is typed into. */
function textsOf(place, { id, message }) {
  const around = id ? place.querySelector(`td[data-element-id="${CSS.escape(id)}"]`) : place.querySelector(".textarea.editor");
  if (!around) return [];
  around.dataset.fault = "";
  around.title = message;
  return [...around.querySelectorAll(".content-editable, .cm-content")];
}

/** The range of a word in a text of several lines; null where nothing stands. */
function underline(root, { line = 0, column = 1 }) {
  const letters = lettersOf(root);
  const mine = line ? letters.filter((one) => one.line === line) : letters;
  if (!mine.length) return null;
  const from = line ? Math.min(column, mine.length) - 1 : 0;
  const word = WORD.exec(mine.slice(from).map((one) => one.letter).join(""));
  const end = line ? from + (word ? [...word[0]].length : 1) : mine.length;
  const range = document.createRange();
  range.setStart(mine[from].node, mine[from].at);
  range.setEnd(mine[end - 1].node, mine[end - 1].end);
  return range;
}

/** Every letter with its line (from 1), where it stands and where it ends. */
function lettersOf(root) {
  const found = [];
  let line = root.matches(".cm-content") ? 0 : 1;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.ELEMENT_NODE) line += node.matches(".cm-line, br") && !node.closest(".cm-line br") ? 1 : 0;
    else line = readText(node, line, found);
  }
  return found;
}

function readText(node, line, found) {
  let at = 0;
  for (const letter of node.data) {
    if (letter === "\n") line += 1;
    else found.push({ letter, line, node, at, end: at + letter.length });
    at += letter.length;
  }
  return line;
}
