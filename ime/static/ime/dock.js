/* The keyboard at the lower edge of the window, for the box that is written in: a menu and the keys. */

import { writerOf } from "./box.js";
import { prepare } from "./engine.js";
import { mount } from "./osk.js";
import { TOUCH, imeIndex, json, make, nameOf, recall, remember, say } from "./page.js";

let box, button, drawn, offered;

const menu = make("select", { "aria-label": say.choose, onchange: () => choose(menu.value).then(back) });
const hide = make("button", { type: "button", className: "button button-quiet button-small button-secondary", onclick: close }, say.hide);
const status = make("p", { role: "status", className: "ime-hidden" });
const board = make("div", {});
const dock = make("div", {
  className: "ime-dock", id: "ime-dock", hidden: true, role: "region", "aria-label": say.keyboard,
  onkeydown: ({ key }) => { if (key === "Escape") back(close()); },
}, make("div", { className: "ime-bar" }, menu, hide), status, board);

document.body.append(dock);
document.addEventListener("focusin", ({ target }) => {
  if (target !== box && !dock.contains(target) && target.matches("input, textarea, select, [contenteditable]")) put(false);
});
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--ime-dock", `${dock.offsetHeight}px`);
}).observe(dock);

/** Show or hide the keys of a box. */
export async function toggle(wanted, itsButton) {
  if (!dock.hidden && box === wanted) return close();
  await turnTo(wanted, itsButton);
  const known = recall(box.dataset.keyboard)?.id || recall("last");
  const one = offered.every((each) => each.orthography === offered[0].orthography);
  const first = offered.find(({ id }) => id === known) ?? (one && offered.find((each) => each.default));
  await choose(first?.id ?? "", true);
  return first ? back() : menu.focus();
}

/** Let a box type with the keyboard that was chosen for it before. */
export async function wake(wanted, itsButton) {
  const keys = TOUCH || recall("keys");
  if (box === wanted && writerOf(box).program) return keys && dock.hidden && put(true);
  await turnTo(wanted, itsButton);
  return choose(recall(box.dataset.keyboard).id, keys);
}

async function turnTo(wanted, itsButton) {
  const all = (await json(imeIndex)).keyboards;
  if (box) put(false);
  [box, button] = [wanted, itsButton];
  const tag = box.dataset.keyboard;
  const language = box.form?.querySelector("select[name=language]")?.value;
  offered = all.filter((each) => (tag ? each.orthography === tag : !language || each.language === language));
  if (!offered.length) offered = all;
  const groups = {};
  for (const { id, language: code, languageNames, names } of offered) {
    groups[code] ??= make("optgroup", { label: nameOf(languageNames) });
    groups[code].append(make("option", { value: id }, nameOf(names)));
  }
  menu.replaceChildren(make("option", { value: "" }, say.off), ...Object.values(groups));
}

async function choose(id, show = !dock.hidden) {
  const found = offered.find((each) => each.id === id);
  const here = box;
  const program = found && prepare(await json(found.address));
  if (here !== box) return;
  const name = found ? `${nameOf(found.languageNames)} · ${nameOf(found.names)}` : "";
  menu.value = found ? id : "";
  put(false);
  writerOf(box).use(program);
  button.lastChild.textContent = name || say.keyboard;
  status.textContent = name || say.off;
  remember(box.dataset.keyboard, { id: menu.value, name });
  if (found) remember("last", id);
  if (show) put(true);
}

// Show the keys or put them away; the system's stay away meanwhile.
function put(shown) {
  const { program } = writerOf(box);
  drawn?.destroy();
  drawn = shown && program ? mount(board, { keyboard: program.payload, box }) : null;
  dock.hidden = !shown;
  button.setAttribute("aria-expanded", shown);
  if (shown) {
    remember("keys", true);
    const under = box.getBoundingClientRect().bottom + 16 + dock.offsetHeight - innerHeight;
    if (under > 0) scrollBy(0, under);
  }
  if (!TOUCH) return;
  if (!shown) writerOf(box).use(); // the phone's own keys type as they are
  const mode = drawn ? "none" : "";
  if (box.inputMode === mode) return;
  box.inputMode = mode;
  if (document.activeElement !== box) return;
  box.blur(); // the system's keys go with the focus
  back();
}

function close() {
  put(false);
  remember("keys", false);
}

function back() {
  box.focus({ preventScroll: true });
}
