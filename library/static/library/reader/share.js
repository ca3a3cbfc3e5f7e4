/* The address of what is in sight, or of a rectangle that is drawn on the page by pointer or by keys. */

import { address } from "./address.js";

const STEP = 16;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function share(reader) {
  const { strings, zoom } = reader;
  const dialog = document.getElementById("reader-share");
  const field = document.getElementById("reader-address");
  const said = dialog.querySelector("[data-said]");

  function open(box = zoom?.view() ?? null) {
    said.textContent = "";
    field.value = address.with(location, { page: reader.data.number, xywh: box ? box.join(",") : "", rotation: reader.rotation });
    dialog.showModal();
    field.select();
  }

  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-copy]").addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = strings.copied;
    } catch {
      said.textContent = strings.copyFailed;
    }
  });
  dialog.querySelector("[data-draw]").addEventListener("click", () => {
    dialog.close();
    if (zoom?.ready()) draw();
  });

  function draw() {
    const stage = document.getElementById("reader-stage");
    const layer = document.createElement("div");
    layer.className = "reader-draw";
    layer.tabIndex = 0;
    layer.setAttribute("role", "application");
    layer.setAttribute("aria-label", strings.draw);
    const hint = document.createElement("p");
    hint.textContent = strings.draw;
    const frame = document.createElement("div");
    frame.className = "reader-drawn";
    layer.append(hint, frame);
    stage.append(layer);
    const { clientWidth: wide, clientHeight: high } = stage;
    let [from, to] = [[wide * 0.25, high * 0.3], [wide * 0.75, high * 0.6]];
    let held = false;
    paint();
    layer.focus({ preventScroll: true });

    const place = (event) => {
      const edge = layer.getBoundingClientRect();
      return [event.clientX - edge.left, event.clientY - edge.top];
    };
    layer.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      layer.setPointerCapture(event.pointerId);
      held = true;
      from = to = place(event);
      paint();
    });
    layer.addEventListener("pointermove", (event) => {
      if (!held) return;
      to = place(event);
      paint();
    });
    layer.addEventListener("pointerup", () => {
      held = false;
      if (Math.abs(from[0] - to[0]) > 8 && Math.abs(from[1] - to[1]) > 8) done();
    });
    layer.addEventListener("keydown", (event) => {
      const by = MOVES[event.key];
      if (event.key === "Escape") layer.remove();
      else if (event.key === "Enter") done();
      else if (by) {
        // With Shift the far corner moves, without it the whole.
        to = [to[0] + by[0] * STEP, to[1] + by[1] * STEP];
        if (!event.shiftKey) from = [from[0] + by[0] * STEP, from[1] + by[1] * STEP];
        paint();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    reader.root.addEventListener("reader:turned", () => layer.remove(), { once: true });

    function paint() {
      Object.assign(frame.style, {
        left: `${Math.min(from[0], to[0])}px`, top: `${Math.min(from[1], to[1])}px`,
        width: `${Math.abs(from[0] - to[0])}px`, height: `${Math.abs(from[1] - to[1])}px`,
      });
    }
    function done() {
      layer.remove();
      const box = zoom.between(from, to);
      if (!box) return;
      zoom.region(box);
      open(box);
    }
  }

  return { open: () => open() };
}
