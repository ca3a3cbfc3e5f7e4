/* The pictures of a festival, large: an enhancement of links that lead to them. Arrow keys, swipe, Esc; one dialog. */

const place = document.querySelector("[data-gallery]");
const links = place ? [...place.querySelectorAll("a[data-picture]")] : [];

if (links.length && window.HTMLDialogElement) {
  const said = place.dataset;
  const dialog = document.createElement("dialog");
  dialog.className = "lightbox";
  const picture = document.createElement("img");
  const caption = document.createElement("p");
  caption.setAttribute("aria-live", "polite");
  const button = (name, sign, label) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `lightbox-${name}`;
    made.textContent = sign;
    made.setAttribute("aria-label", label);
    dialog.append(made);
    return made;
  };
  const before = button("before", "‹", said.saidBefore);
  dialog.append(picture, caption);
  const after = button("after", "›", said.saidAfter);
  const close = button("close", "×", said.saidClose);
  before.hidden = after.hidden = links.length < 2;
  document.body.append(dialog);

  let at = 0;
  const show = (number) => {
    at = (number + links.length) % links.length;
    const link = links[at];
    picture.src = link.href;
    picture.alt = link.querySelector("img").alt;
    caption.replaceChildren(...[...link.parentElement.querySelector("figcaption").childNodes].map((node) => node.cloneNode(true)));
    if (links.length > 1) caption.append(` (${at + 1} / ${links.length})`);
  };

  for (const [number, link] of links.entries())
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab, as for every link
      event.preventDefault();
      show(number);
      dialog.showModal();
      close.focus();
    });
  before.addEventListener("click", () => show(at - 1));
  after.addEventListener("click", () => show(at + 1));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => links[at].focus());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(at - 1);
    else if (event.key === "ArrowRight") show(at + 1);
  });
  let from = null;
  dialog.addEventListener("pointerdown", (event) => {
    from = event.isPrimary ? [event.clientX, event.clientY] : null;
  });
  dialog.addEventListener("pointerup", (event) => {
    if (!from) return;
    const [x, y] = [event.clientX - from[0], event.clientY - from[1]];
    from = null;
    if (Math.abs(x) > 40 && Math.abs(x) > 1.5 * Math.abs(y)) show(at + (x < 0 ? 1 : -1));
  });
  dialog.addEventListener("pointercancel", () => {
    from = null;
  });
  picture.draggable = false;
}
