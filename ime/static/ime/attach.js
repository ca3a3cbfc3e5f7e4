/* Puts a keyboard beside every [data-keyboard] and into every [data-ime-mount]: see docs/keyboards-web.md. */

import { TOUCH, imeCss, json, make, recall, say } from "./page.js";

const buttons = new WeakMap();

document.querySelectorAll("[data-keyboard]").forEach(offer);
document.querySelectorAll("[data-ime-mount]").forEach(draw);
document.addEventListener("focusin", ({ target }) => {
  if (target.dataset.keyboard === undefined) return;
  offer(target);
  if (recall(target.dataset.keyboard)?.id) wake("wake", target);
});

function offer(box) {
  if (buttons.has(box)) return;
  const chosen = recall(box.dataset.keyboard);
  const name = make("span", {}, chosen?.name || say.keyboard);
  const button = make("button", {
    type: "button", className: "button button-quiet button-small button-secondary ime-button", "aria-expanded": false,
    onpointerdown: (event) => event.preventDefault(), // keeps the focus
    onclick: () => wake("toggle", box),
  }, make("span", { "aria-hidden": true }, "⌨\u00a0"), name);
  buttons.set(box, button);
  if (TOUCH && chosen?.id) box.inputMode = "none"; // before the system's keyboard comes up
  const slot = box.form?.querySelector("[data-keyboard-slot]");
  if (slot) slot.append(button);
  else box.after(button);
}

async function wake(how, box) {
  try {
    dress();
    await (await import("./dock.js"))[how](box, buttons.get(box));
  } catch (error) {
    buttons.get(box).lastChild.textContent = say.failed;
    box.inputMode = "";
    throw error;
  }
}

async function draw(element) {
  const { imeMount, imeBox, imeLook: look, imeText: text, imePresses: presses, imeTouches: touches } = element.dataset;
  const [{ mount }, keyboard] = await Promise.all([import("./osk.js"), json(imeMount)]);
  const box = document.querySelector(imeBox);
  const status = make("p", { role: "status" });
  const target = text && { text, presses: JSON.parse(presses), touches: JSON.parse(touches) };
  dress();
  mount(element, { keyboard, box, look, target, ondone: (done) => { status.textContent = done ? say.done : ""; } });
  element.append(status);
}

function dress() {
  if (!document.querySelector("[data-ime]")) document.head.append(make("link", { rel: "stylesheet", href: imeCss, "data-ime": "" }));
}
