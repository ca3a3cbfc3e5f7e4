/* The page reader. The page works without this file: every turn is a link, every search a form. Here pages turn in place:
   the next one is fetched as HTML from the same address, and its parts take the places of those that are shown. */

import { address, same } from "./address.js";
import { keys } from "./keys.js";
import { lines } from "./lines.js";
import { share } from "./share.js";
import { tools } from "./tools.js";
import { zoom } from "./zoom.js";

const root = document.getElementById("reader");
const strings = JSON.parse(document.getElementById("reader-strings").textContent);
const status = document.getElementById("reader-said");
const NARROW = matchMedia("(max-width: 59.99rem)");
const PARTS = "[data-part]";

const reader = {
  root, strings, turn, go, show, say,
  data: read(document),
  rotation: address.rotation(location),
  narrow: () => NARROW.matches,
};
let fetching = null;

root.dataset.js = "";
reader.zoom = zoom(reader);
reader.lines = lines(reader);
reader.share = share(reader);
tools(reader);
keys(reader);
reader.zoom?.open(reader.data);
reveal();

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.(".reader-turn a, .reader-strip a, .reader-hits a");
  if (!link) return;
  event.preventDefault();
  go(link.href);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches(".reader-go, .reader-find")) return;
  event.preventDefault();
  const finds = event.target.matches(".reader-find");
  const asked = new URLSearchParams(new FormData(event.target));
  if (!finds) document.activeElement?.blur();
  go(address.with(location, { page: finds ? reader.data.number : asked.get("page"), q: finds ? asked.get("q") : undefined, xywh: "" }));
});
addEventListener("popstate", () => go(location.href, { push: false }));
addEventListener("pagehide", () => fetching?.abort());

/* Turn to a page by its number; beyond the ends nothing happens. */
function turn(number) {
  const wanted = Math.max(1, Math.min(number, reader.data.total));
  if (wanted !== reader.data.number) go(address.with(location, { page: wanted, xywh: "" }));
}

/* Show what stands at an address of this reader. */
async function go(href, { push = true } = {}) {
  fetching?.abort();
  const mine = (fetching = new AbortController());
  root.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(href, { signal: mine.signal, headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(String(response.status));
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    if (mine.signal.aborted || !fresh.getElementById("reader-data")) return;
    if (push && !same(href, location.href)) history.pushState(null, "", href);
    reader.rotation = address.rotation(location);
    fresh.querySelectorAll("noscript").forEach((each) => each.remove()); // a page that is parsed so has no scripts
    const asked = { before: reader.data.number, query: document.getElementById("reader-q").value };
    reader.data = read(fresh);
    exchange(fresh);
    document.title = fresh.title;
    reader.zoom?.open(reader.data);
    reader.lines.renew();
    reveal();
    const found = fresh.querySelector(".reader-hits h2")?.textContent.trim();
    const page = fill(strings.page, reader.data);
    say(found && asked.before === reader.data.number ? found : page);
    root.dispatchEvent(new CustomEvent("reader:turned"));
  } catch (error) {
    if (error.name === "AbortError") return;
    say(strings.failed, true);
  } finally {
    if (fetching === mine) root.removeAttribute("aria-busy");
  }
}

/* Parts of the fresh page take their places; what had the focus keeps it. */
function exchange(fresh) {
  const focus = document.activeElement;
  const mark = focus?.closest?.("[data-turn]") ? `[data-turn="${focus.closest("[data-turn]").dataset.turn}"]`
    : focus?.id ? `#${CSS.escape(focus.id)}`
    : focus?.dataset?.page ? `${focus.closest(".reader-hits") ? ".reader-hits" : ".reader-strip"} [data-page="${focus.dataset.page}"]` : "";
  const hits = root.querySelector(".reader-hits ol")?.scrollTop ?? 0;
  const find = fresh.getElementById("reader-find").elements;
  document.querySelectorAll("#reader-find input").forEach((input) => {
    if (find[input.name]) input.value = find[input.name].value;
  });
  for (const name of ["turn", "still", "side", "strip", "more", "work", "caption"]) {
    const [old, next] = [document, fresh].map((page) => page.querySelector(`[data-part="${name}"]`));
    if (name === "strip" && old?.dataset.first === next?.dataset.first) {
      for (const link of old.querySelectorAll("a")) {
        const other = [...next.querySelectorAll("a")][[...old.querySelectorAll("a")].indexOf(link)];
        link.href = other.href;
        link.toggleAttribute("aria-current", false);
        if (other.hasAttribute("aria-current")) link.setAttribute("aria-current", "page");
      }
    } else if (old && next) old.replaceWith(document.adoptNode(next));
    else if (old) old.remove();
    else if (next && name === "caption") document.getElementById("reader-picture").append(document.adoptNode(next));
  }
  root.querySelector(".reader-hits ol")?.scrollTo(0, hits);
  if (mark && !document.contains(focus)) {
    const again = document.querySelector(mark);
    if (again && again.matches("[aria-disabled]")) again.tabIndex = -1;
    again?.focus({ preventScroll: true });
  }
}

/* The thumbnail and the hit of this page are in sight, without moving the page itself. */
function reveal() {
  for (const box of root.querySelectorAll(".reader-strip ol, .reader-hits ol")) {
    const here = box.querySelector("[aria-current]");
    if (!here) continue;
    const [inner, outer] = [here.getBoundingClientRect(), box.getBoundingClientRect()];
    if (box.closest(".reader-strip")) box.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
    else if (inner.top < outer.top || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top;
  }
}

/* Which of the two is shown on a phone: the picture or the text. */
function show(view) {
  root.dataset.view = view;
  if (view === "picture") reader.zoom?.resized();
}

/* Said to those who do not see it change; a failure is seen by everybody. */
function say(text, failed = false) {
  status.textContent = "";
  status.classList.toggle("visually-hidden", !failed);
  status.classList.toggle("notice", failed);
  requestAnimationFrame(() => (status.textContent = text));
}

function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
}

function read(page) {
  return JSON.parse(page.getElementById("reader-data").textContent);
}
