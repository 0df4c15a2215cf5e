// From one difference to the next: by buttons, and by n and p once the focus is in the list (WCAG 2.1.4).
const STEPS = { n: 1, p: -1 };

export function watchDifferences(scope) {
  for (const region of scope.querySelectorAll("[data-differences]")) {
    const links = [...region.querySelectorAll("a.fq-main-link")];
    if (!links.length) continue;
    let here = links.findIndex((link) => link.getAttribute("aria-current") === "true");
    const go = (step) => {
      const focused = links.indexOf(document.activeElement);
      here = Math.max(0, Math.min(links.length - 1, (focused < 0 ? here : focused) + step));
      links[here].focus();
      links[here].scrollIntoView({ block: "center" });
    };
    region.querySelector("[data-steps]").hidden = false;
    for (const button of region.querySelectorAll("[data-step]")) {
      button.addEventListener("click", () => go(Number(button.dataset.step)));
    }
    region.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
      go(step);
      event.preventDefault();
    });
  }
}
