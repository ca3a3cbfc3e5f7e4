/* Single keys, while nobody writes or reads a card; whoever is disturbed by them turns them off, on this device. */

const KEPT = "reader-keys";

export function keys(reader) {
  const help = document.getElementById("reader-keys");
  const on = document.getElementById("reader-keys-on");
  reader.help = () => help.showModal();
  on.checked = recall() !== "off";
  on.addEventListener("change", () => keep(on.checked ? "on" : "off"));
  help.querySelector("[data-close]").addEventListener("click", () => help.close());

  const find = document.getElementById("reader-q");
  const step = (by) => reader.turn(reader.data.number + (reader.data.rtl ? -by : by));
  const acts = {
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    Home: () => reader.turn(1),
    End: () => reader.turn(reader.data.total),
    "+": () => reader.zoom?.larger(1.5),
    "=": () => reader.zoom?.larger(1.5),
    "-": () => reader.zoom?.larger(1 / 1.5),
    0: () => reader.zoom?.home(),
    r: () => reader.rotate?.(),
    f: () => reader.full?.(),
    "/": () => {
      find.focus();
      find.select();
    },
    "?": () => reader.help(),
  };
  const around = { ArrowUp: [0, -80], ArrowDown: [0, 80], ArrowLeft: [-80, 0], ArrowRight: [80, 0] };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !on.checked) return;
    // A dialog that was closed a moment ago may still hold the focus.
    const writes = event.target.closest("input, textarea, select, dialog, [contenteditable], .reader-draw");
    if (writes && !event.target.closest("dialog:not([open])")) return;
    // On the picture, once it is larger than its window, arrows move over it.
    const onPicture = event.target.closest(".reader-deep") && reader.zoom?.whole() === false;
    if (onPicture && around[event.key]) reader.zoom.move(...around[event.key]);
    else if (acts[event.key]) acts[event.key]();
    else return;
    event.preventDefault();
  });
}

function recall() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    localStorage.setItem(KEPT, value);
  } catch {
    // Storage may be closed to us; then it holds for this page.
  }
}
