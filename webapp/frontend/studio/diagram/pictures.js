// The picture of a diagram as a file, or on paper.
import { h } from "../dom.js";

const SHARPER = 2;

async function svgOf(canvas) {
  const { svg } = await canvas.modeler.saveSVG();
  return svg;
}

const dataUrl = (svg) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
const nameOf = (canvas, ending) => `${canvas.path.split("/").at(-1).replace(/\.bpmn$/, "")}.${ending}`;

function hand(blob, name) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export async function saveSvg(canvas) {
  hand(new Blob([await svgOf(canvas)], { type: "image/svg+xml" }), nameOf(canvas, "svg"));
}

async function imageOf(canvas) {
  const image = new Image();
  image.src = dataUrl(await svgOf(canvas));
  await image.decode();
  return image;
}

export async function savePng(canvas) {
  const image = await imageOf(canvas);
  const sheet = h("canvas", { width: image.width * SHARPER, height: image.height * SHARPER });
  const pen = sheet.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.drawImage(image, 0, 0, sheet.width, sheet.height);
  sheet.toBlob((blob) => hand(blob, nameOf(canvas, "png")), "image/png");
}

/** The browser's own print window, with nothing but the picture on the sheet; it also makes PDFs. */
export async function savePrint(canvas) {
  const image = await imageOf(canvas);
  const sheet = h("div", { class: "fq-print-sheet" }, image);
  image.alt = "";
  document.body.append(sheet);
  document.body.classList.add("is-printing-sheet");
  const end = () => {
    document.body.classList.remove("is-printing-sheet");
    sheet.remove();
  };
  window.addEventListener("afterprint", end, { once: true });
  window.print();
}
