// j and k go down and up the lines of a list and x picks one, once the focus is in it: a key that acted anywhere
// would get in the way of people who speak to their computer (WCAG 2.1.4).

const STEPS = { j: 1, k: -1 };

export function watchLines(scope) {
  for (const table of scope.querySelectorAll("table.fq-stack")) {
    table.addEventListener("keydown", (event) => {
      if (event.key === "x" && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.target.closest("tr")?.querySelector(".c-pick input")?.click();
        return;
      }
      const step = STEPS[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
      const links = [...table.querySelectorAll("a.fq-main-link")];
      const line = event.target.closest("tr")?.querySelector("a.fq-main-link");
      const here = links.indexOf(line);
      const to = document.activeElement === line || here < 0 ? here + step : here;
      links[Math.max(0, Math.min(links.length - 1, to))]?.focus();
      event.preventDefault();
    });
  }
}
