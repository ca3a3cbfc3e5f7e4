// Opens "how to type this word" for the keyboard that the reader chose last, and remembers a choice made here.

import { recall, remember } from "./page.js";

for (const section of document.querySelectorAll("[data-howto]")) {
  const tag = section.dataset.howto;
  const ways = [...section.querySelectorAll("[data-keyboard-id]")];
  const wanted = recall(tag)?.id;
  const asked = new URLSearchParams(location.search).has("keyboard");
  if (!asked && ways.some((way) => way.dataset.keyboardId === wanted)) {
    for (const way of ways) way.open = way.dataset.keyboardId === wanted;
  }
  for (const way of ways) {
    const summary = way.querySelector("summary");
    summary.addEventListener("click", () => {
      if (!way.open) remember(tag, { id: way.dataset.keyboardId, name: summary.textContent.trim() });
    });
  }
}
