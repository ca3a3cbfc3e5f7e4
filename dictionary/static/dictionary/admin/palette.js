// The letters of an orthography, under the text box that is being written in.
import { el, typeInto, writing } from "./controls.js";

// A mark alone is drawn on a dotted circle; what is typed is the mark.
const isMark = (letter) => /^\p{M}/u.test(letter);

/** Show a palette of the language's letters below whichever text box has the focus. */
export function installPalette(root, context) {
  const palette = el("div", {
    class: "entry-palette",
    role: "toolbar",
    "aria-label": context.say("letters"),
    hidden: true,
  });
  let box = null;

  root.addEventListener("focusin", (event) => {
    if (palette.contains(event.target)) return;
    const found = event.target.closest("textarea[data-keyboard]");
    if (found === box) return;
    box = found;
    const style = box && writing(context, box.dataset.keyboard);
    palette.hidden = !style || !style.letters.length;
    if (palette.hidden) return;
    palette.lang = style.tag;
    palette.style.fontFamily = style.fonts;
    palette.replaceChildren(...style.letters.map((letter, index) => key(letter, index)));
    box.after(palette);
  });

  palette.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const keys = [...palette.children];
    const next = keys[(keys.indexOf(document.activeElement) + step + keys.length) % keys.length];
    next.focus();
  });

  // One stop of the tab key for the whole palette; the arrow keys go through it.
  function key(letter, index) {
    return el(
      "button",
      {
        type: "button",
        tabindex: index ? "-1" : "0",
        "aria-label": letter,
        onmousedown: (event) => event.preventDefault(),
        onclick: () => typeInto(box, letter),
      },
      isMark(letter) ? `\u25cc${letter}` : letter,
    );
  }
}
