/* A word in running text opens a card beside it that tells what it means. Without this file it is a link to look-up.

   Any `.linked a.word` works, whenever it came into the page: the word and its language are read from its address. On the
   way the document hears `wordcard:open` and `wordcard:close`, so that a player can wait meanwhile. */

const WORDS = ".linked a.word";
const MOST_KEPT = 200;
const PHONE = matchMedia("(max-width: 34rem)");

const card = document.getElementById("word-card");
if (card) enhance(card);

function enhance(card) {
  const body = card.querySelector("[data-body]");
  const kept = new Map(); // address of a card -> its HTML
  let word = null; // the link whose card is open
  let request = null;

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.(WORDS);
    if (link) {
      event.preventDefault();
      if (link === word) close(true);
      else open(link);
    } else if (word && !card.contains(event.target)) close(false);
  });
  card.querySelector("[data-close]").addEventListener("click", () => close(true));
  document.addEventListener("keydown", (event) => {
    if (!word) return;
    if (event.key === "Escape") close(true);
    else if (!card.contains(document.activeElement) || event.target.closest("audio, input")) return;
    else if (event.key === "ArrowRight" || event.key === "ArrowLeft") step(event.key === "ArrowRight");
    else if (event.key === "Tab") leave(event);
    else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  addEventListener("resize", () => { if (word) place(); });

  async function open(link) {
    const first = !word;
    word?.removeAttribute("aria-expanded");
    word = link;
    link.setAttribute("aria-expanded", "true");
    link.setAttribute("aria-controls", card.id);
    const address = cardAddress(link);
    show(kept.get(address) ?? null);
    if (!card.open) card.show();
    card.tabIndex = -1;
    card.focus({ preventScroll: true });
    place();
    if (first) document.dispatchEvent(new CustomEvent("wordcard:open"));
    if (kept.has(address)) return;
    request?.abort();
    const mine = (request = new AbortController());
    const found = await fetched(address, mine.signal);
    if (mine.signal.aborted || word !== link) return;
    show(found);
    place();
  }

  /* The card as HTML of our own server, or a sentence about what went wrong as plain text. */
  async function fetched(address, signal) {
    try {
      const response = await fetch(address, { signal, headers: { Accept: "text/html" } });
      if (response.status === 429) return said(card.dataset.refused);
      if (!response.ok && response.status !== 400) return said(card.dataset.failed);
      const html = await response.text();
      if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value);
      kept.set(address, html);
      return html;
    } catch (error) {
      return error.name === "AbortError" ? null : said(card.dataset.failed);
    }
  }

  function show(html) {
    card.setAttribute("aria-busy", String(html === null));
    if (html === null) body.replaceChildren(said(card.dataset.busy));
    else if (typeof html === "string") body.innerHTML = html;
    else body.replaceChildren(html);
  }

  function said(text) {
    const line = document.createElement("p");
    line.textContent = text;
    return line;
  }

  function close(back) {
    const link = word;
    word = null;
    request?.abort();
    card.close();
    link.removeAttribute("aria-expanded");
    if (back) link.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("wordcard:close"));
  }

  /* The next word of the text, or the one before it; in writing from right to left the arrows point the other way. */
  function step(right) {
    const words = [...document.querySelectorAll(WORDS)];
    const forward = right === (getComputedStyle(word).direction === "ltr");
    const next = words[words.indexOf(word) + (forward ? 1 : -1)];
    if (!next) return;
    next.scrollIntoView({ block: "nearest" });
    open(next);
  }

  /* Tab beyond the ends of the card leads back into the text. */
  function leave(event) {
    const stops = [...card.querySelectorAll("a[href], audio, button")];
    const end = event.shiftKey ? stops[0] : stops.at(-1);
    if (document.activeElement !== end && !(event.shiftKey && document.activeElement === card)) return;
    event.preventDefault();
    close(true);
  }

  function place() {
    if (PHONE.matches) {
      card.style.left = card.style.top = "";
      const hidden = word.getBoundingClientRect().bottom - (innerHeight - card.offsetHeight) + 8;
      if (hidden > 0) scrollBox(word).scrollBy(0, hidden);
      return;
    }
    const line = word.getBoundingClientRect();
    const [width, height, gap] = [card.offsetWidth, card.offsetHeight, 8];
    const left = Math.max(gap, Math.min(line.left, document.documentElement.clientWidth - width - gap));
    const below = line.bottom + gap + height <= innerHeight || line.top - gap - height < 0;
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${(below ? line.bottom + gap : line.top - gap - height) + scrollY}px`;
  }
}

/* What scrolls around a word: a box of the page, or the page. */
function scrollBox(element) {
  for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) {
    if (box.scrollHeight > box.clientHeight && /auto|scroll/.test(getComputedStyle(box).overflowY)) return box;
  }
  return window;
}

function cardAddress(link) {
  const asked = new URL(link.href).searchParams;
  const address = new URL(document.getElementById("word-card").dataset.card, location);
  address.searchParams.set("text", asked.get("q"));
  for (const language of asked.getAll("language")) address.searchParams.append("language", language);
  address.searchParams.set("fragment", "1");
  return address.href;
}
