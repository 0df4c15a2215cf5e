// Bundles browser sources into webapp/static/dist with hashed names, and writes manifest.json
// (plain name → hashed name). Run by `npm run build`; nothing built is committed.
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const dist = join(root, "webapp", "static", "dist");
const bootstrap = join(root, "node_modules", "bootstrap", "dist", "css");

const KEPT_MS = 7 * 24 * 3600 * 1000;

// From Bootstrap we use reboot, buttons, form controls and visually-hidden (30 KB instead of 230).
const WANTED = /^\.(btn|btn-(sm|primary)|form-(control|select)|visually-hidden)(?![\w-])/;

/** Top-level pieces of a style sheet as [head, body]; comments are dropped. */
function pieces(css) {
  const found = [];
  const text = css.replace(/\/\*[\s\S]*?\*\//g, "");
  let depth = 0;
  let start = 0;
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "{" && depth++ === 0) open = at;
    if (text[at] === "}" && --depth === 0) {
      found.push([text.slice(start, open).trim(), text.slice(open + 1, at)]);
      start = at + 1;
    }
  }
  return found;
}

/** The rules whose selectors are all wanted; @media blocks keep what is left inside them. */
function part(css) {
  return pieces(css)
    .map(([head, body]) => {
      if (head.startsWith("@media")) {
        const inner = part(body);
        return inner && `${head}{${inner}}`;
      }
      const selectors = head.split(",").map((one) => one.trim());
      const kept = selectors.filter((one) => WANTED.test(one));
      return kept.length ? `${kept.join(",")}{${body}}` : "";
    })
    .join("\n");
}

const bootstrapPart = {
  name: "bootstrap-part",
  setup(build) {
    build.onResolve({ filter: /^bootstrap-part$/ }, () => ({
      path: "bootstrap-part",
      namespace: "part",
    }));
    build.onLoad({ filter: /.*/, namespace: "part" }, async () => {
      const reboot = await readFile(join(bootstrap, "bootstrap-reboot.css"), "utf8");
      const whole = await readFile(join(bootstrap, "bootstrap.css"), "utf8");
      return { contents: `${reboot}\n${part(whole)}`, loader: "css", resolveDir: here };
    });
  },
};

const entries = ["app.js", "forms.js", "sign.js", "studio/studio.js", "styles/app.css", "styles/studio.css"]
  .map((name) => join(here, name))
  .filter((path) => existsSync(path));

// Built aside and put in place at the end, the manifest last, so that a server always finds all it names.
const aside = `${dist}-${process.pid}`;
await mkdir(aside, { recursive: true });
const result = await esbuild.build({
  entryPoints: entries,
  outdir: aside,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["chrome109", "firefox115", "safari15.6"],
  minify: true,
  charset: "utf8",
  legalComments: "linked",
  loader: { ".svg": "file", ".woff2": "file", ".woff": "file", ".ttf": "file", ".eot": "file" },
  external: ["data:*"],
  metafile: true,
  plugins: [bootstrapPart],
  logLevel: "warning",
}).catch(async (failure) => {
  await rm(aside, { recursive: true, force: true });
  throw failure;
});

const manifest = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  if (entries.includes(join(root, output.entryPoint ?? ""))) manifest[basename(output.entryPoint)] = relative(aside, join(root, path));
}
await writeFile(join(aside, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
// Pages that are open go on asking for the bundles they came with: those of a week stay.
const built = await readdir(aside);
await mkdir(dist, { recursive: true });
for (const name of built.filter((one) => one !== "manifest.json")) await rename(join(aside, name), join(dist, name));
await rename(join(aside, "manifest.json"), join(dist, "manifest.json"));
await rm(aside, { recursive: true });
for (const name of await readdir(dist)) {
  const { mtimeMs } = await stat(join(dist, name));
  if (!built.includes(name) && Date.now() - mtimeMs > KEPT_MS) await rm(join(dist, name));
}
