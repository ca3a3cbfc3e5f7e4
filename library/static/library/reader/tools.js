/* The buttons over the picture, and those that choose between picture and text. */

import { address } from "./address.js";

export function tools(reader) {
  const { root, strings } = reader;
  const bar = document.getElementById("reader-tools");
  if (!bar) return;
  const button = (text, act, name = "") => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `button-quiet ${name}`.trim();
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  };

  reader.rotate = () => {
    reader.rotation = (reader.rotation + 90) % 360;
    reader.zoom?.rotate(reader.rotation);
    history.replaceState(null, "", address.with(location, { rotation: reader.rotation }));
  };
  reader.full = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else root.requestFullscreen?.().catch(() => {});
  };

  const beside = button(strings.text, () => {
    const alone = root.toggleAttribute("data-alone");
    beside.setAttribute("aria-pressed", String(!alone));
    reader.zoom?.resized();
  }, "reader-beside");
  beside.setAttribute("aria-pressed", "true");

  if (reader.zoom) {
    bar.append(
      button(strings.zoomIn, () => reader.zoom.larger(1.5)),
      button(strings.zoomOut, () => reader.zoom.larger(1 / 1.5)),
      button(strings.whole, () => reader.zoom.home()),
      button(strings.rotate, () => reader.rotate()),
    );
    if (document.fullscreenEnabled) bar.append(button(strings.full, () => reader.full()));
    bar.append(button(strings.share, () => reader.share.open()));
  }
  const forPicture = [...bar.children];
  bar.append(beside, button(strings.keys, () => reader.help(), "reader-help"));
  bar.hidden = false;

  const views = document.createElement("div");
  views.className = "reader-views";
  views.setAttribute("role", "group");
  const pair = [["picture", strings.picture], ["text", strings.text]].map(([view, text]) => {
    const made = button(text, () => choose(view));
    made.dataset.view = view;
    return made;
  });
  views.append(...pair);
  root.querySelector(".reader-panes").before(views);

  function choose(view) {
    reader.show(view);
    mark();
  }
  function mark() {
    for (const each of pair) each.setAttribute("aria-pressed", String(each.dataset.view === root.dataset.view));
    const text = Boolean(root.querySelector(".reader-text"));
    views.hidden = beside.hidden = !text;
    for (const each of forPicture) each.disabled = !reader.data.info; // a closed page has no picture
    if (!text && root.dataset.view === "text") choose("picture");
  }
  const shown = reader.show;
  reader.show = (view) => {
    shown(view);
    mark();
  };
  root.addEventListener("reader:turned", mark);
  document.addEventListener("fullscreenchange", () => reader.zoom?.resized());
  mark();
}
