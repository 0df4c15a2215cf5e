// The pad on which people sign, and the page that waits while somebody signs on their phone.
import SignaturePad from "signature_pad";

const INK = "#0d1a47";

const form = document.querySelector("form[data-sign]");
if (form) watchPad(form);
const waiting = document.querySelector("[data-waits]");
if (waiting) watchLink(waiting);

function watchPad(form) {
  const box = form.querySelector("[data-pad]");
  const canvas = box.querySelector("canvas");
  const said = form.querySelector("[data-pad-said]");
  const strokes = form.elements.strokes;
  const pad = new SignaturePad(canvas, { penColor: INK, minWidth: 1, maxWidth: 2.6 });
  let size = { width: 0, height: 0 };

  // The bitmap is as sharp as the screen; what was drawn grows or shrinks with the pad.
  function fit() {
    const { width, height } = box.getBoundingClientRect();
    if (!width || (width === size.width && height === size.height)) return;
    const scale = size.width ? Math.min(width / size.width, height / size.height) : 1;
    const drawn = pad.toData().map((line) => ({
      ...line,
      points: line.points.map((point) => ({ ...point, x: point.x * scale, y: point.y * scale })),
    }));
    const dots = Math.max(window.devicePixelRatio || 1, 1);
    canvas.width = Math.round(width * dots);
    canvas.height = Math.round(height * dots);
    canvas.getContext("2d").scale(dots, dots);
    size = { width, height };
    pad.clear();
    pad.fromData(drawn);
  }

  function lines() {
    const drawn = pad.toData();
    const first = drawn[0]?.points[0]?.time ?? 0;
    return drawn.map((line) => line.points.map(({ x, y, time }) => [round(x), round(y), Math.max(0, Math.round(time - first))]));
  }

  function keep() {
    strokes.value = pad.isEmpty()
      ? ""
      : JSON.stringify({ width: Math.round(size.width), height: Math.round(size.height), lines: lines() });
  }

  // A page that came back shows what was drawn on it.
  function restore() {
    if (!strokes.value) return;
    try {
      const before = JSON.parse(strokes.value);
      const scale = Math.min(size.width / before.width, size.height / before.height);
      const now = Date.now();
      pad.fromData(before.lines.map((line) => ({
        penColor: INK, minWidth: 1, maxWidth: 2.6, dotSize: 0, velocityFilterWeight: 0.7, compositeOperation: "source-over",
        points: line.map(([x, y, ms]) => ({ x: x * scale, y: y * scale, time: now + ms, pressure: 0.5 })),
      })));
    } catch {
      strokes.value = "";
    }
  }

  fit();
  restore();
  new ResizeObserver(() => { fit(); keep(); }).observe(box);
  pad.addEventListener("endStroke", () => { said.textContent = ""; keep(); });
  form.querySelector("[data-clear]").addEventListener("click", () => { pad.clear(); keep(); });
  form.querySelector("[data-undo]").addEventListener("click", () => {
    const drawn = pad.toData();
    drawn.pop();
    pad.fromData(drawn);
    keep();
  });
  // Before the page's own handlers mark the button as busy.
  form.addEventListener("submit", (event) => {
    keep();
    const missing = !form.elements.read.checked ? said.dataset.unread : pad.isEmpty() ? said.dataset.empty : "";
    if (!missing) return;
    event.preventDefault();
    said.textContent = missing;
    (form.elements.read.checked ? canvas : form.elements.read).focus();
  });
}

function round(number) {
  return Math.round(number * 10) / 10;
}

function watchLink(page) {
  const said = page.querySelector("[data-state]");
  const every = Number(page.dataset.every) * 1000;
  async function look() {
    try {
      const answer = await fetch(page.dataset.waits, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const { state, opened } = await answer.json();
        if (state !== "open") return window.location.reload();
        if (opened) said.textContent = page.dataset.openedWords;
      }
    } catch {
      // No network for a moment: the next look tells.
    }
    window.setTimeout(look, every);
  }
  window.setTimeout(look, every);
}
