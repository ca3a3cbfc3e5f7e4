/* The map of festivals: an enhancement of the list that stands below it. */

import { drawMap } from "./outline-map.js";

function content(point) {
  const box = document.createElement("div");
  const name = document.createElement("b");
  name.textContent = point.place;
  box.append(name);
  for (const festival of point.festivals) {
    const link = document.createElement("a");
    link.href = festival.url;
    link.textContent = festival.name;
    const line = document.createElement("p");
    line.append(link);
    box.append(line);
  }
  return box;
}

const data = JSON.parse(document.getElementById("festival-points").textContent);
const box = document.getElementById("festival-map");

if (box && window.L) {
  drawMap(box, data.map((point) => ({ at: point.at, name: point.place, content: content(point) })));
}
