// Small helpers to build pages from data. Texts always go in as text, never as markup.

/** An element: `h("button", { class: "btn", onclick: act }, "保存")`. Children may be nodes, texts, null. */
export function h(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made && key !== "list" && key !== "form") made[key === "class" ? "className" : key] = value;
    else made.setAttribute(key === "className" ? "class" : key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

const drawn = new WeakMap();

/** Fills `place` with what `make` makes, where `facts` are others than at the last time: what is shown
    already stays, so that a press that has begun on it is not lost. */
export function refill(place, facts, make) {
  const key = JSON.stringify(facts);
  if (drawn.get(place) === key) return;
  drawn.set(place, key);
  place.replaceChildren(...[make()].flat().filter(Boolean));
}

/** An icon of the house, as the page's template holds it. */
export function icon(name, label = "") {
  const drawn = document.querySelector(`template[data-icon="${name}"]`).content.firstElementChild.cloneNode(true);
  if (label) {
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", label);
    drawn.removeAttribute("aria-hidden");
  }
  return drawn;
}

/** A button with a picture and words. */
export function button(words, act, { picture = "", style = "btn-quiet", ...more } = {}) {
  return h("button", { type: "button", class: `btn ${style}`, onclick: act, ...more }, picture && icon(picture), words);
}

/** Asks before something that cannot be undone. The safe button is second and plain. */
export function ask(question, follows, act, safe) {
  return new Promise((resolve) => {
    const close = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const title = h("h2", { id: "ask-title" }, question);
    const dialog = h(
      "dialog",
      { class: "fq-dialog", "aria-labelledby": "ask-title", oncancel: () => close(false) },
      title,
      h("p", {}, follows),
      h("div", { class: "fq-actions" }, button(act, () => close(true), { style: "btn-primary" }), button(safe, () => close(false))),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
