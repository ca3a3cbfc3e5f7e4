/* Maps of pages: an enhancement of the lists below them. */

import { drawMap } from "../festivals/outline-map.js";

function place(item) {
  const content = document.createElement("div");
  for (const child of item.childNodes) content.append(child.cloneNode(true));
  return {
    at: [Number(item.dataset.lat), Number(item.dataset.lng)],
    name: item.querySelector("b").textContent,
    content,
  };
}

for (const box of document.querySelectorAll("[data-map]")) {
  const items = [...box.parentElement.querySelectorAll("[data-lat]")];
  if (window.L && items.length) drawMap(box, items.map(place));
}
