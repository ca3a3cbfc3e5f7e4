/* The typing pad: a large field with the drawn keyboard, for people who may install nothing. The text stays in the
   browser until it is copied or shared. */

import { mount } from "./osk.js";
import { TOUCH, json, recall, remember, say } from "./page.js";

const pad = document.querySelector("[data-ime-pad]");
const text = pad.querySelector("textarea");
const menu = pad.querySelector("select");
const count = pad.querySelector("[data-pad-count]");
const status = pad.querySelector("[data-pad-status]");
const button = Object.fromEntries([...pad.querySelectorAll("[data-pad]")].map((each) => [each.dataset.pad, each]));
const letters = new Intl.Segmenter(document.documentElement.lang, { granularity: "grapheme" });
let drawn = null;
let cleared = "";

const asked = menu.querySelector("[data-asked]");
const last = recall("last");
if (!asked && [...menu.options].some((option) => option.value === last)) menu.value = last;
text.value = recall("pad") ?? "";
pad.querySelector("[data-tools]").hidden = false;
button.share.hidden = !navigator.share;
menu.addEventListener("change", use);
text.addEventListener("input", changed);
button.copy.addEventListener("click", copy);
button.share.addEventListener("click", () => navigator.share({ text: text.value }).catch(() => {})); // given up
button.clear.addEventListener("click", () => {
  cleared = text.value;
  put("");
  status.textContent = say.cleared;
});
button.undo.addEventListener("click", () => {
  put(cleared);
  status.textContent = "";
});
changed();
await use();

/** Type with the keyboard that the menu says. */
async function use() {
  const { value: id, selectedOptions: [option] } = menu;
  if (!option) return;
  try {
    const keyboard = await json(option.dataset.address);
    if (menu.value !== id) return; // another was chosen meanwhile
    drawn?.destroy();
    drawn = mount(pad.querySelector("[data-pad-keys]"), { keyboard, box: text });
    Object.assign(text, { lang: keyboard.orthography, dir: keyboard.dir });
    text.dataset.script = keyboard.script;
    if (TOUCH) text.inputMode = "none";
    remember("last", id);
    status.textContent = "";
  } catch (error) {
    status.textContent = say.failed;
    text.inputMode = "";
    throw error;
  }
}

function changed() {
  const length = [...letters.segment(text.value)].length;
  count.textContent = `${length} ${count.dataset.one}`;
  for (const each of [button.copy, button.share, button.clear]) each.disabled = !length;
  button.undo.hidden = Boolean(length) || !cleared;
  remember("pad", text.value);
}

function put(value) {
  text.value = value;
  changed();
  text.focus();
}

async function copy() {
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    text.select(); // no clipboard without a secure connection: the old way
    document.execCommand("copy");
  }
  status.textContent = say.copied;
}
