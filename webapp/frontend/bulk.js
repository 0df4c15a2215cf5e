// The bar under the inbox: how many rows are picked, and a way to pick them all or none.

export function watchBulk(scope) {
  const form = scope.querySelector?.("form[data-bulk]") ?? scope.closest?.("form[data-bulk]");
  if (!form || form.dataset.watched) return;
  form.dataset.watched = "yes";
  const bar = form.querySelector("[data-bulk-bar]");
  const count = form.querySelector("[data-bulk-count]");
  const all = form.querySelector("[data-pick-all]");
  const boxes = () => [...form.querySelectorAll("tbody .c-pick input")];

  function show() {
    const picked = boxes().filter((box) => box.checked);
    for (const box of boxes()) box.closest("tr").classList.toggle("is-picked", box.checked);
    count.textContent = count.dataset.pattern.replace("0", String(picked.length));
    bar.hidden = picked.length === 0;
    if (all) all.checked = picked.length > 0 && picked.length === boxes().length;
  }

  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes()) box.checked = all.checked;
      show();
    });
  }
  form.addEventListener("change", (event) => event.target.matches("tbody .c-pick input") && show());
  form.querySelector("[data-pick-none]")?.addEventListener("click", () => {
    for (const box of boxes()) box.checked = false;
    show();
  });
  show();
}
