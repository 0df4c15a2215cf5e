// Which part of the package is on the screen. The address says it: #diagram/bpmn/…/a.bpmn/element
const ROOMS = {
  diagram: () => import("./diagram/tab.js"),
  forms: () => import("./forms/tab.js"),
  decisions: () => import("./decisions/tab.js"),
  texts: () => import("./texts/tab.js"),
  settings: () => import("./settings/tab.js"),
  scenarios: () => import("./scenarios/tab.js"),
  versions: () => import("./versions/tab.js"),
};

/** The tab a file belongs to. */
export function tabOf(path) {
  if (path.endsWith(".bpmn")) return "diagram";
  if (path.endsWith(".dmn")) return "decisions";
  if (path.endsWith(".html")) return "texts";
  if (path.endsWith("package.toml")) return "settings";
  return path.includes("/scenarios/") ? "scenarios" : "forms";
}

function place() {
  const [tab, file, element] = location.hash.slice(1).split("/").map(decodeURIComponent);
  return { tab: tab in ROOMS ? tab : "diagram", file: file ?? "", element: element ?? "" };
}

export function address(tab, file = "", element = "") {
  const parts = [tab, file, element].map(encodeURIComponent);
  while (parts.length > 1 && !parts.at(-1)) parts.pop();
  return `#${parts.join("/")}`;
}

/** Opens the room the address names, and each one once only. */
export function watchTabs(studio) {
  const opened = new Map();
  let current = null;
  let turn = 0;

  async function room(tab) {
    if (!opened.has(tab)) {
      const place = document.createElement("div");
      place.className = "fq-studio-tab";
      place.dataset.room = tab;
      studio.part("room").append(place);
      opened.set(tab, ROOMS[tab]().then((module) => module.openTab(studio, place)).then((made) => ({ ...made, place })));
    }
    return opened.get(tab);
  }

  async function go() {
    const wanted = place();
    const mine = ++turn;
    for (const link of studio.part("tabs").querySelectorAll("a")) {
      if (link.dataset.tab === wanted.tab) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const next = await room(wanted.tab);
    if (mine !== turn) return;
    if (current !== next) current?.leave?.();
    for (const other of studio.part("room").children) other.hidden = other !== next.place;
    current = next;
    tabs.file = wanted.file;
    await next.show(wanted);
  }

  const tabs = {
    file: "",
    /** Shows a file, and in it an element. */
    open(path, element = "") {
      const wanted = address(tabOf(path), path, element);
      if (location.hash === wanted) go();
      else location.hash = wanted;
    },
    go,
  };
  window.addEventListener("hashchange", go);
  go();
  return tabs;
}
