// The lines of a page beside its picture: the strip above the field, boxes to click, and one to draw.
import { editor, entries } from "./correct.js";

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 0.35; // of the height of a line, around it
const root = document.querySelector("[data-correct=page]");
const page = root.querySelector("[data-page]");
const strips = [root.querySelector("[data-strip]"), root.querySelector("[data-add-strip]")];
const whole = { w: Number(root.dataset.width), h: Number(root.dataset.height) };
let tiles = null;

const work = editor(root, {
  fields: ["text"],
  value: (row) => row.dataset.text,
  show,
  renewed,
  saved(told, values) {
    for (const [name, count] of Object.entries(told.counted ?? {})) {
      const shown = document.querySelector(`[data-counted=${name}]`);
      if (shown) shown.textContent = count;
    }
    // Taken back, or added: where lines stand now, the server says best.
    if (values.get("action") === "add" || (values.get("action") === "take_back" && !told.row)) reload(told.place);
  },
});

work.text.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    work.save();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    work.move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape") work.put(true);
});
page?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  work.choose(work.at(link.dataset.place), { focus: true });
});

function reload(place) {
  const address = new URL(location);
  address.searchParams.set("at", place || work.row?.dataset.place || "");
  location.replace(address);
}

function show(row) {
  for (const link of page?.querySelectorAll("a") ?? []) link.classList.toggle("is-chosen", link.dataset.place === row.dataset.place);
  const box = row.dataset.place.split(",").map(Number);
  strip(strips[0], box);
  const chosen = page?.querySelector(".is-chosen");
  const room = page?.parentElement;
  if (!chosen || room.scrollHeight <= room.clientHeight) return;
  const [place, around] = [chosen.getBoundingClientRect(), room.getBoundingClientRect()];
  if (place.top < around.top || place.bottom > around.bottom) room.scrollTop += place.top - around.top - around.height / 3;
}

function renewed(row, old) {
  const link = [...(page?.querySelectorAll("a") ?? [])].find((each) => each.dataset.place === old);
  if (!link) return;
  link.dataset.place = row.dataset.place;
  link.setAttribute("href", `?at=${row.dataset.place}`);
  link.firstElementChild.setAttribute("class", row.className);
}

/* The strip of the picture in which a line stands; sharp pieces are laid over the small picture where there are tiles. */
async function strip(svg, [x, y, w, h]) {
  if (!svg) return;
  const margin = h * MARGIN;
  const left = Math.max(0, x - margin);
  const top = Math.max(0, y - margin);
  svg.setAttribute("viewBox", `${left} ${top} ${w + 2 * margin} ${h + 2 * margin}`);
  const sharp = svg.querySelector("[data-sharp]");
  sharp.replaceChildren();
  const known = await information();
  if (!known || svg.getAttribute("viewBox") !== `${left} ${top} ${w + 2 * margin} ${h + 2 * margin}`) return;
  const { size, base } = known;
  for (let across = Math.floor(left / size) * size; across < Math.min(whole.w, x + w + margin); across += size) {
    for (let down = Math.floor(top / size) * size; down < Math.min(whole.h, y + h + margin); down += size) {
      const [wide, high] = [Math.min(size, whole.w - across), Math.min(size, whole.h - down)];
      const image = document.createElementNS(SVG, "image");
      const values = { x: across, y: down, width: wide, height: high, preserveAspectRatio: "none" };
      for (const [name, value] of Object.entries(values)) image.setAttribute(name, value);
      image.setAttribute("href", `${base}/${across},${down},${wide},${high}/${wide},${high}/0/default.jpg`);
      sharp.append(image);
    }
  }
}

function information() {
  tiles ??= fetch(root.dataset.tiles)
    .then((answer) => (answer.ok ? answer.json() : null))
    .then((found) => found && found.width === whole.w && found.height === whole.h && found.tiles[0].scaleFactors.includes(1)
      ? { size: found.tiles[0].width, base: root.dataset.tiles.replace(/\/info\.json$/, "") } : null)
    .catch(() => null);
  return tiles;
}

// --- a line that the machine did not see ---

const form = root.querySelector("[data-add-form]");
const draw = form.querySelector("[data-draw]");
const boxed = ["x", "y", "w", "h"].map((name) => form.elements[name]);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  work.send("add", null, entries(form));
});
form.elements.text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault(); // a line has no line breaks
  form.requestSubmit();
});
form.addEventListener("input", (event) => { if (boxed.includes(event.target)) drawn(); });
if (page) {
  draw.hidden = false;
  form.querySelector("[data-draw-hint]").textContent = root.dataset.saidDraw;
  draw.addEventListener("click", () => drawing(true));
  root.querySelector("[data-add]").addEventListener("toggle", (event) => drawing(event.target.open));
  page.addEventListener("pointerdown", begin);
  drawing(root.querySelector("[data-add]").open);
}

function drawing(on) {
  page.classList.toggle("is-drawing", on);
  if (!on) page.querySelector("[data-new]")?.remove();
}

function begin(event) {
  if (!page.classList.contains("is-drawing") || event.button) return;
  event.preventDefault();
  page.setPointerCapture(event.pointerId);
  const from = point(event);
  const follow = (moved) => {
    const to = point(moved);
    const box = [Math.min(from.x, to.x), Math.min(from.y, to.y), Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
    box.forEach((value, at) => { boxed[at].value = Math.round(value); });
    drawn();
  };
  const end = () => {
    page.removeEventListener("pointermove", follow);
    if (Number(boxed[2].value) > 3 && Number(boxed[3].value) > 3) form.elements.text.focus();
  };
  page.addEventListener("pointermove", follow);
  page.addEventListener("pointerup", end, { once: true });
}

function point(event) {
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(page.getScreenCTM().inverse());
  return { x: Math.max(0, Math.min(whole.w, x)), y: Math.max(0, Math.min(whole.h, y)) };
}

function drawn() {
  const box = boxed.map((field) => Number(field.value));
  let rect = page.querySelector("[data-new]");
  if (!rect) {
    rect = document.createElementNS(SVG, "rect");
    rect.dataset.new = "";
    page.append(rect);
  }
  ["x", "y", "width", "height"].forEach((name, at) => rect.setAttribute(name, box[at]));
  strips[1].toggleAttribute("hidden", box[2] < 4 || box[3] < 4);
  strip(strips[1], box);
}
