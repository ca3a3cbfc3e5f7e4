/* The drawn keyboard: the hardware layout with its layers, or the touch layout with long press and flick. */

import { CODES, keyAt, prepare, press, toggled } from "./engine.js";
import { writerOf } from "./box.js";
import { make, nameOf, say } from "./page.js";

const HOLD = 300; // ms of a long press, and between the taps that lock Shift
const REPEAT = 70; // ms
const FLICK = 22; // CSS pixels
const PHONE = matchMedia("(max-width: 40rem), (hover: none) and (pointer: coarse)");
const SIGNS = { shift: "⇧", backspace: "⌫", enter: "⏎", altgr: "AltGr" };
const visible = (sign) => (/^\p{M}/u.test(sign) ? `\u25cc${sign}` : sign);

/** Fill an element with a keyboard: see docs/keyboards-web.md. */
export function mount(element, { keyboard, box, look = "auto", target, ondone = () => {} }) {
  const program = prepare(keyboard);
  const writer = writerOf(box);
  const pointers = new Map();
  let keys, layer, held, locked, plan, popup, touch, shown, shiftedAt, done;
  let acted = 0;

  const root = make("div", {
    className: "ime-keys", dir: "ltr", lang: keyboard.orthography, "data-script": keyboard.script,
    role: "group", "aria-label": `${say.keyboard} ${nameOf(keyboard.names)}`,
    onpointerdown, onpointermove, onclick, onkeydown, oncontextmenu,
    onpointerup: (event) => finish(event.pointerId),
    onpointercancel: (event) => end(event.pointerId),
    ontouchstart: (event) => event.preventDefault(), // or a click follows on what a popup covered
  });
  element.append(root);
  writer.use(program);
  const unlisten = writer.listen(follow);
  box.addEventListener("input", mark);
  PHONE.addEventListener("change", start);
  start();

  return {
    destroy() {
      unlisten();
      box.removeEventListener("input", mark);
      PHONE.removeEventListener("change", start);
      [...pointers.keys()].forEach(end);
      root.remove();
    },
  };

  function start() {
    touch = look === "touch" || (look !== "physical" && PHONE.matches);
    root.dataset.look = touch ? "touch" : "physical";
    held = locked = "";
    layer = touch ? "default" : "";
    plan = planned();
    draw();
  }

  // Keys are as in the payload's touch layout, with d: dead key, c: code, s: small sign, x, y: place.

  function rows() {
    if (touch) return keyboard.touch[layer].map((row) => row.map((key) => (key.o || key.r ? key : { o: key })));
    const shift = held || layer;
    const cells = CODES.map((c) => {
      const key = keyAt(program, c, shift);
      return { c, o: key?.output, l: key?.label, d: key?.dead, s: keyAt(program, c, toggled(shift, "altgr"))?.label };
    });
    const used = Object.keys(keyboard.keys).filter((each) => keyboard.keys[each].length);
    const iso = used.some((each) => keyboard.keys[each][CODES.indexOf("IntlBackslash")]);
    const altgr = used.some((each) => each.includes("altgr"));
    const [e, d, c, b] = [13, 13, 11, 11].map((length) => cells.splice(0, length));
    d[12].w = 1.5;
    return [
      [...e, { r: "backspace", w: 2 }],
      [{ w: 1.5 }, ...d],
      [{ w: 1.75 }, ...c, { r: "enter", w: 2.25 }],
      [{ r: "shift", w: iso ? 1.25 : 2.25 }, ...(iso ? b : b.slice(1)), { r: "shift", w: 2.75 }],
      [{ w: 4 }, { ...cells[0], r: "space" }, { r: altgr && "altgr", w: 2 }, { w: 2 }],
    ];
  }

  function draw() {
    const at = keys ? [...keys.keys()].indexOf(document.activeElement) : -1;
    close();
    shown = writer.pending;
    keys = new Map();
    const wide = (row) => row.reduce((sum, { w = 1 }) => sum + w, 0);
    const drawn = rows();
    const widest = Math.max(...drawn.map(wide));
    root.replaceChildren(...drawn.map((row, y) => {
      const rest = widest - wide(row);
      const space = row.some(({ r }) => r === "space");
      const gap = rest > 0.01 && !space ? [{ w: rest / 2 }] : [];
      const placed = row.map((key, x) => ({ ...key, x, y, w: (key.w ?? 1) + (key.r === "space" ? rest : 0) }));
      return make("div", { className: "ime-row" }, ...[...gap, ...placed, ...gap].map(drawKey));
    }));
    const stop = [...keys.keys()][at] ?? keys.keys().next().value;
    stop.tabIndex = 0;
    if (at >= 0) stop.focus();
    mark();
  }

  function drawKey(key) {
    const { o, l = o, d, r, c, s, p = [], f = {}, w = 1 } = key;
    const nothing = !o && !d && !r;
    let label = (r === "space" ? nameOf(keyboard.languageNames) : SIGNS[r] ?? l) ?? "";
    const waits = shown && !d && keyboard.dead[shown][2][o];
    if (waits) label = waits;
    const made = make(nothing ? "span" : "button", {
      type: "button", tabIndex: -1,
      className: `ime-key ${nothing && !c ? "ime-gap" : ""} ${d ? "ime-dead" : ""} ${waits ? "ime-made" : ""} ${/\w{3}/.test(label) ? "ime-long" : ""}`,
    }, visible(label));
    made.style.flexGrow = w;
    if (nothing) return made;
    Object.assign(made.dataset, { output: o ?? "", role: r ?? "", code: c ?? "" });
    made.setAttribute("aria-label", d ? `${say.dead} ${label}` : say[r] ?? label);
    if (r === "shift" || r === "altgr") made.setAttribute("aria-pressed", (held || layer).includes(r));
    if (p.length) made.setAttribute("aria-haspopup", true);
    const small = s ?? p[0] ?? Object.values(f)[0];
    if (small && !r) made.append(make("small", { "aria-hidden": true }, visible(small)));
    keys.set(made, key);
    return made;
  }

  // The way to the target: texts, each with the next stroke.
  function planned() {
    let text = "";
    let pending = "";
    return target && [...(touch ? target.touches : target.presses), null].map((stroke) => {
      const step = { text, pending, stroke };
      if (stroke) {
        const made = press(program, text, pending, touch ? { output: stroke[5] } : keyAt(program, ...stroke));
        text = text.slice(0, text.length - made.erase) + made.insert;
        ({ pending } = made);
      }
      return step;
    });
  }

  function mark() {
    if (!target) return;
    const step = plan.findLast(({ text, pending }) => text === box.value && pending === writer.pending);
    const next = step && !step.stroke ? [] : nextKeys(step?.stroke);
    for (const made of [...keys.keys(), ...(popup?.children ?? [])]) {
      made.ariaCurrent = next.includes(made);
      made.classList.toggle("ime-hold", next.includes(made) && step?.stroke?.[3] === "long" && !!keys.get(made)?.p);
    }
    if (done !== (done = !next.length)) ondone(done);
  }

  function nextKeys(stroke) {
    const find = (wanted) => [...keys.keys()].filter((made) => wanted(keys.get(made)));
    if (!stroke) return find(({ r }) => r === "backspace");
    const [place, y, x, gesture, choice] = stroke;
    if (!touch) {
      const missing = ["shift", "altgr"].filter((each) => y.includes(each) !== (held || layer).includes(each));
      return find(({ c, r }) => (missing.length ? missing.includes(r) : c === place));
    }
    if (popup && gesture === "long") return [popup.children[choice]];
    if (layer === place) return find((key) => key.x === x && key.y === y);
    const ways = (to) => find(({ r, g }) => (r === "shift" ? to === shifted() : r === "layer" && g === to));
    return ways(place).length ? ways(place) : ways("default");
  }

  function shifted() {
    return layer === "shift" ? "default" : "shift";
  }

  function tap({ o, d, r, g }) {
    const late = Date.now() - shiftedAt > HOLD;
    if (r === "backspace") writer.backspace();
    else if (r === "enter" && box.form && box.localName === "input") box.form.requestSubmit();
    else if (r === "enter") writer.insert("\n");
    else if (r === "shift" && touch) {
      locked = layer === "shift" && !locked && !late; // tapped twice
      if (!locked) layer = shifted();
      shiftedAt = Date.now();
      draw();
    } else if (r === "shift" || r === "altgr" || r === "layer") {
      layer = r === "layer" ? g : toggled(layer, r);
      draw();
    } else give({ output: o, dead: d });
  }

  function give(key) {
    if (!key.output && !key.dead) return;
    writer.key(key);
    if (locked || (touch ? layer !== "shift" : !layer)) return;
    layer = touch ? "default" : "";
    draw();
  }

  function open(made) {
    const { p } = keys.get(made);
    close();
    popup = make("div", { className: "ime-popup", role: "group", "aria-label": say.more },
      ...p.map((output) => make("button", { type: "button", tabIndex: -1, value: output }, visible(output))));
    popup.of = made;
    root.append(popup);
    const left = made.offsetLeft + (made.offsetWidth - popup.offsetWidth) / 2;
    popup.style.left = `${Math.max(0, Math.min(root.clientWidth - popup.offsetWidth, left))}px`;
    popup.style.top = `${made.offsetTop - popup.offsetHeight - 4}px`;
    mark();
  }

  function pick(option) {
    close();
    give({ output: option.value });
  }

  function close() {
    popup?.remove();
    popup = null;
  }

  function onpointerdown(event) {
    const made = event.target.closest("button");
    event.preventDefault(); // keeps the focus
    if (!made || event.button) return;
    if (!popup?.contains(made)) close();
    [...pointers.keys()].forEach(finish); // two thumbs overlap
    const { clientX: x, clientY: y, pointerId } = event;
    const pointer = { made, x, y, to: made, dx: 0, dy: 0 };
    const key = keys.get(made);
    pointers.set(pointerId, pointer);
    made.classList.add("ime-down");
    if (made.hasPointerCapture(pointerId)) made.releasePointerCapture(pointerId);
    const again = () => {
      tap(key);
      pointer.timer = setTimeout(again, pointer.timer ? REPEAT : HOLD);
    };
    if (key?.r === "backspace") again();
    else if (key?.p) pointer.timer = setTimeout(open, HOLD, made);
  }

  function onpointermove(event) {
    const pointer = pointers.get(event.pointerId);
    if (!pointer) return;
    pointer.dx = event.clientX - pointer.x;
    pointer.dy = event.clientY - pointer.y;
    pointer.to = document.elementFromPoint(event.clientX, event.clientY);
    for (const option of popup?.children ?? []) option.classList.toggle("ime-down", option === pointer.to);
  }

  function finish(id) {
    const { made, to, dx, dy } = pointers.get(id) ?? {};
    if (!made) return;
    end(id);
    acted = Date.now();
    const key = keys.get(made);
    if (popup) {
      if (popup.contains(to)) pick(to.closest("button"));
    } else if (key && key.r !== "backspace") {
      const way = Math.abs(dx) > Math.abs(dy) ? (dx > 0 ? "right" : "left") : dy > 0 ? "down" : "up";
      const flicked = Math.hypot(dx, dy) > FLICK && key.f?.[way];
      if (flicked) give({ output: flicked });
      else tap(key);
    }
  }

  function end(id) {
    const { made, timer } = pointers.get(id) ?? {};
    clearTimeout(timer);
    made?.classList.remove("ime-down");
    pointers.delete(id);
  }

  function onclick(event) {
    const made = event.target.closest("button");
    if (!made || (event.detail && Date.now() - acted < HOLD)) return; // what a pointer did is done
    if (popup?.contains(made)) {
      const { of } = popup;
      pick(made);
      focus(of);
    } else tap(keys.get(made));
  }

  function oncontextmenu(event) {
    const made = event.target.closest("button");
    event.preventDefault();
    if (event.pointerType === "touch" || !keys.get(made)?.p) return;
    open(made);
    focus(popup.firstChild);
  }

  function onkeydown(event) {
    const { key, target: { parentNode: row, previousSibling, nextSibling } } = event;
    const at = [...row.children].indexOf(event.target);
    const to = {
      ArrowLeft: previousSibling, ArrowRight: nextSibling, Escape: popup?.of,
      ArrowUp: row.previousSibling?.children[at], ArrowDown: row.nextSibling?.children[at],
    }[key];
    if (!to) return;
    if (row === popup && to.parentNode !== popup) close();
    focus(to);
    event.preventDefault();
    event.stopPropagation();
  }

  function focus(made) {
    for (const stop of keys.keys()) stop.tabIndex = stop === made ? 0 : -1;
    made.focus();
  }

  function follow(code, modifiers, down) {
    if (touch || code || shown === writer.pending) mark();
    else draw();
    if (!code || touch) return;
    if (modifiers !== held) {
      held = modifiers;
      draw();
    }
    for (const [made, { c }] of keys) if (c === code) made.classList.toggle("ime-down", down);
  }
}
