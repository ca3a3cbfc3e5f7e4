/* The transcript: shows which line is said, moves along until somebody scrolls away, and is searched without leaving the page. */

const CALM = matchMedia("(prefers-reduced-motion: reduce)");

export function makeTranscript(side, seek) {
  const list = side.querySelector("[data-transcript]");
  if (!list) return null;
  const button = side.querySelector("[data-follow]");
  const form = side.querySelector("[data-search]");
  const found = side.querySelector("[data-found]");
  let lines = [];
  let starts = [];
  let present = null;
  let following = true;
  let ours = 0; // until when scrolling is our own doing

  read();
  for (const name of ["wheel", "touchmove", "keydown"]) {
    addEventListener(name, (event) => {
      if (name !== "keydown" || ["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"].includes(event.key)) away();
    }, { passive: true });
  }
  addEventListener("scroll", () => { if (performance.now() > ours) away(); }, { passive: true, capture: true });
  button.addEventListener("click", () => {
    follow(true);
    if (present) reveal(present);
  });
  list.addEventListener("click", (event) => {
    if (event.target.closest("a.word") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const line = event.target.closest("li");
    if (!line || getSelection()?.toString()) return;
    event.preventDefault();
    follow(true);
    seek(Number(line.dataset.start) / 1000, line);
  });
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    search(form.elements.q.value.trim());
  });
  side.addEventListener("click", (event) => {
    const step = event.target.closest("[data-hit]");
    if (step) hit(Number(step.dataset.hit));
    const clear = event.target.closest("[data-clear]");
    if (clear) {
      event.preventDefault();
      form.elements.q.value = "";
      search("");
      form.elements.q.focus();
    }
  });
  ready();

  function read() {
    lines = [...list.querySelectorAll("li")];
    starts = lines.map((line) => Number(line.dataset.start));
    present = null;
  }

  function away() {
    if (following && present && !visible(present)) follow(false);
  }

  function follow(yes) {
    following = yes;
    button.hidden = yes;
  }

  /* The box that the list scrolls in; on a phone that is the page. */
  function box() {
    return list.scrollHeight > list.clientHeight + 1 && getComputedStyle(list).overflowY === "auto" ? list : null;
  }

  function room() {
    if (box()) {
      const around = list.getBoundingClientRect();
      return { top: Math.max(0, around.top), bottom: Math.min(innerHeight, around.bottom) };
    }
    const stage = document.querySelector("[data-stage]").getBoundingClientRect();
    const sticky = getComputedStyle(document.querySelector("[data-stage]")).position === "sticky";
    return { top: sticky ? Math.max(0, stage.bottom) : 0, bottom: innerHeight };
  }

  function visible(line) {
    const [place, around] = [line.getBoundingClientRect(), room()];
    return place.bottom > around.top && place.top < around.bottom;
  }

  function reveal(line) {
    const [place, around] = [line.getBoundingClientRect(), room()];
    const wanted = place.top - around.top - (around.bottom - around.top - place.height) / 3;
    if (place.top >= around.top + 8 && place.bottom <= around.bottom - (around.bottom - around.top) / 4) return;
    ours = performance.now() + 900;
    (box() ?? window).scrollBy({ top: wanted, behavior: CALM.matches ? "instant" : "smooth" });
  }

  function hit(step) {
    const hits = lines.filter((line) => line.classList.contains("hit-line"));
    if (!hits.length) return;
    const chosen = hits.findIndex((line) => line.classList.contains("hit-chosen"));
    hits[chosen]?.classList.remove("hit-chosen");
    const next = hits[chosen < 0 ? 0 : (chosen + step + hits.length) % hits.length];
    next.classList.add("hit-chosen");
    follow(next === present);
    reveal(next);
  }

  let asked = 0;
  async function search(query) {
    const address = new URL(location);
    if (query) address.searchParams.set("q", query);
    else address.searchParams.delete("q");
    side.setAttribute("aria-busy", "true");
    const mine = ++asked;
    try {
      const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
      if (mine !== asked) return undefined; // something else was asked for meanwhile
      const [fresh, said] = [page.querySelector("[data-transcript]"), page.querySelector("[data-found]")];
      if (!fresh) return form.submit();
      list.replaceChildren(...fresh.children);
      found.replaceChildren(...said.childNodes);
      history.replaceState(history.state, "", address);
      read();
      ready();
      if (query) hit(1);
      list.dispatchEvent(new Event("renewed"));
    } catch {
      if (mine === asked) form.submit(); // the browser says in its own words that there is no connection
    } finally {
      if (mine === asked) side.removeAttribute("aria-busy");
    }
    return undefined;
  }

  function ready() {
    for (const step of found.querySelectorAll("[data-hit]")) step.hidden = false;
  }

  /* The line that is said at a moment, or the last one before it. */
  function at(seconds) {
    const moment = seconds * 1000 + 30; // a moment that was sought may lie a hair before its line
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= moment) low = middle + 1;
      else high = middle;
    }
    return lines[low - 1] ?? null;
  }

  return {
    at,
    /* `moves`: the line is brought into view, too, unless somebody scrolled away. */
    show(seconds, moves) {
      const line = at(seconds);
      if (line === present) return;
      present?.removeAttribute("aria-current");
      present = line;
      if (!line) return;
      line.setAttribute("aria-current", "true");
      if (following && moves) reveal(line);
    },
  };
}
