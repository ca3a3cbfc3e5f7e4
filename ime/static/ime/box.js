/* A text box in which a keyboard types. Shortcuts, paste, undo and other input methods are left alone. */

import { backspace, keyAt, press, pressOf, toggled } from "./engine.js";

const MAC = /Mac|iP/.test(navigator.platform);
const JOINS = /^[\p{M}\u200c\u200d\u0e33\u0eb3]/u;
const BASE = /[^]?[\p{M}\u200c\u200d]*$/u;
const writers = new WeakMap();

/** The writer of an input or textarea; each has one. */
export function writerOf(box) {
  if (!writers.has(box)) writers.set(box, makeWriter(box));
  return writers.get(box);
}

function makeWriter(box) {
  let pending = "";
  let busy = false;
  let rightAlt = false;
  const listeners = new Set();
  const tell = (code, held, down) => listeners.forEach((listener) => listener(code, held, down));
  const writer = {
    program: null,
    get pending() { return pending; },
    /** Type with a program, or with none. */
    use(program = null) {
      writer.program = program;
      pending = "";
    },
    /** Type what a key gives, or a text as it is. */
    key: (key) => apply(press(writer.program, before(), pending, key)),
    insert: (text) => apply({ erase: 0, insert: text, pending: "" }),
    backspace() {
      if (box.selectionStart === box.selectionEnd) apply(backspace(writer.program, before(), pending));
      else apply({ erase: 0, insert: "", pending: "" });
    },
    /** Calls listener(code, modifiers, down) for hardware keys, listener() after a change. */
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  const on = (type, listener) => box.addEventListener(type, (event) => writer.program && listener(event));
  on("keydown", onKeyDown);
  on("beforeinput", onBeforeInput);
  on("keyup", (event) => {
    rightAlt &&= event.code !== "AltRight";
    tell(event.code, held(event), false);
  });
  on("pointerdown", forget);
  on("blur", () => {
    rightAlt = false;
    if (!busy) forget();
  });
  return writer;

  function onKeyDown(event) {
    const { code, key } = event;
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || box.readOnly) return;
    rightAlt ||= code === "AltRight";
    const modifiers = held(event);
    tell(code, modifiers, true);
    if (/^(Shift|Control|Alt|Meta|Caps)/.test(code)) return;
    if (event.metaKey || ((event.ctrlKey || event.altKey) && !modifiers.includes("altgr"))) return forget();
    const typed = keyAt(writer.program, code, capped(event, modifiers));
    if (typed) writer.key(typed);
    else if (code === "Backspace") writer.backspace();
    else if (key.length > 1 || !code || code.startsWith("Numpad")) return forget();
    event.preventDefault(); // also where this keyboard has nothing
  }

  // A phone's keyboard names no place but a sign: it stands for its key on a US keyboard.
  function onBeforeInput(event) {
    const { inputType, data } = event;
    if (busy || event.isComposing || !event.cancelable) return;
    const place = inputType === "insertText" && data && pressOf(data);
    const typed = place && keyAt(writer.program, ...place);
    if (typed) writer.key(typed);
    else if (inputType === "deleteContentBackward") writer.backspace();
    else return forget();
    event.preventDefault();
  }

  function held(event) {
    const { altKey, ctrlKey, shiftKey } = event;
    const altgr = event.getModifierState("AltGraph") || (altKey && (ctrlKey ? !MAC && keyAt(writer.program, event.code, "altgr") : MAC || rightAlt));
    return [shiftKey && "shift", altgr && "altgr"].filter(Boolean).join("+");
  }

  // Caps Lock exchanges the cases of a letter, if it has any.
  function capped(event, modifiers) {
    if (!event.getModifierState("CapsLock")) return modifiers;
    const other = toggled(modifiers, "shift");
    const [a, b] = [modifiers, other].map((each) => keyAt(writer.program, event.code, each)?.output);
    return a && b && a.toLowerCase() === b.toLowerCase() ? other : modifiers;
  }

  function before() {
    return box.value.slice(0, box.selectionStart);
  }

  function forget() {
    if (!pending) return;
    pending = "";
    tell();
  }

  // An edit of the browser's own, so that undo takes it back. Browsers edit no part of what looks like one character.
  function apply({ erase, insert, pending: waiting }) {
    const { selectionStart: start, selectionEnd: end } = box;
    const left = box.value.slice(Math.max(0, start - erase - 64), start - erase);
    if (erase && JOINS.test(box.value.slice(start - erase))) {
      const [kept] = BASE.exec(left);
      erase += kept.length;
      insert = kept + insert;
    }
    const focused = document.activeElement;
    pending = waiting;
    if (erase || insert || start < end) {
      busy = true;
      if (focused !== box) box.focus({ preventScroll: true });
      box.setSelectionRange(start - erase, end);
      if (!document.execCommand(insert ? "insertText" : "delete", false, insert)) {
        box.setRangeText(insert, start - erase, end, "end");
        box.dispatchEvent(new InputEvent("input", { bubbles: true, data: insert }));
      }
      if (focused?.closest(".ime-keys")) focused.focus({ preventScroll: true });
      busy = false;
    }
    tell();
  }
}
