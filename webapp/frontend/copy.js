// Buttons that copy a value. Without scripts they stay hidden and the values are selected by hand. After copying, the
// focus goes to the next button: one key a value.

async function write(text) {
  // Offices open the site without TLS inside their network, where the clipboard interface is missing.
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

export function watchCopies(scope) {
  const buttons = [...scope.querySelectorAll("[data-copies]")];
  const said = document.getElementById("copied");
  const done = document.querySelector("[data-copying]")?.dataset.copying ?? "";
  for (const [place, button] of buttons.entries()) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copies);
      await write(source.value ?? source.textContent);
      button.classList.add("is-copied");
      if (said) said.textContent = `${done} ${source.previousElementSibling?.textContent ?? ""}`;
      (buttons[place + 1] ?? button).focus();
    });
  }
}
