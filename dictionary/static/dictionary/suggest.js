/* Suggestions while typing: the combobox pattern of the ARIA Authoring Practices (list autocomplete, manual selection).
   The form works without this file; nothing here is needed to look a word up. */

const PAUSE = 140; // ms without typing before the server is asked

for (const form of document.querySelectorAll("form[data-suggest]")) enhance(form);

function enhance(form) {
  const input = form.querySelector("input[type=search]");
  const language = form.querySelector("select");
  const status = form.querySelector("[data-status]");
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `${input.id}-suggestions`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", status.dataset.some);
  list.hidden = true;
  form.querySelector(".search-row").after(list);
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);

  // With a keyboard at hand one can type at once; on a phone the words on the page would be covered.
  if (input.hasAttribute("data-focus") && matchMedia("(hover: hover)").matches) input.focus({ preventScroll: true });

  let items = [];
  let chosen = -1;
  let timer = 0;
  let request = null;
  let composing = false;

  input.addEventListener("compositionstart", () => { composing = true; });
  input.addEventListener("compositionend", () => { composing = false; later(); });
  input.addEventListener("input", () => { if (!composing) later(); });
  input.addEventListener("keydown", onKey);
  input.addEventListener("blur", () => setTimeout(close, 150));
  input.addEventListener("focus", () => { if (items.length) open(); });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the field
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(Number(option.dataset.index));
  });
  language?.addEventListener("change", () => {
    if (new URLSearchParams(location.search).get("q") && input.value.trim()) form.requestSubmit();
  });

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  }

  async function ask() {
    const text = input.value.trim();
    request?.abort();
    if (!text) return show([]);
    request = new AbortController();
    const address = new URL(form.dataset.suggest, location);
    address.searchParams.set("q", text);
    address.searchParams.set("ui", document.documentElement.lang);
    if (language?.value) address.searchParams.set("language", language.value);
    try {
      const response = await fetch(address, { signal: request.signal, headers: { Accept: "application/json" } });
      if (response.ok) show((await response.json()).suggestions);
    } catch (error) {
      if (error.name !== "AbortError") show([]); // offline: the form still works when the connection is back
    }
  }

  function show(found) {
    items = found;
    chosen = -1;
    list.replaceChildren(...items.map(option));
    status.textContent = items.length ? `${items.length}. ${status.dataset.some}` : input.value.trim() ? status.dataset.none : "";
    if (items.length && document.activeElement === input) open();
    else close();
  }

  function option(item, index) {
    const row = document.createElement("li");
    row.id = `${list.id}-${index}`;
    row.dataset.index = index;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    const word = span(item.headword.text, "word");
    word.lang = item.headword.lang;
    word.dir = item.headword.direction;
    word.dataset.script = item.headword.script;
    const parts = [word];
    if (item.matched) {
      const matched = span(item.matched.text, "quiet");
      matched.lang = item.matched.lang;
      matched.dir = item.matched.direction;
      parts.push(matched);
    }
    const gloss = span(item.glosses.join("; "));
    gloss.lang = item.gloss_language;
    const name = document.createElement("small");
    name.textContent = item.language_name;
    parts.push(gloss, name);
    row.append(...parts.flatMap((part) => [part, " "]));
    return row;
  }

  function span(text, className = "") {
    const made = document.createElement("span");
    made.textContent = text;
    made.className = className;
    return made;
  }

  function onKey(event) {
    if (event.isComposing) return;
    const last = items.length - 1;
    if (event.key === "ArrowDown" && items.length) select(list.hidden || chosen === last ? 0 : chosen + 1);
    else if (event.key === "ArrowUp" && items.length) select(chosen <= 0 ? last : chosen - 1);
    else if (event.key === "Enter" && !list.hidden && chosen >= 0) go(chosen);
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
  }

  function select(index) {
    open();
    chosen = index;
    for (const [at, row] of [...list.children].entries()) {
      row.setAttribute("aria-selected", String(at === index));
      if (at === index) row.scrollIntoView({ block: "nearest" });
    }
    input.setAttribute("aria-activedescendant", `${list.id}-${index}`);
  }

  function go(index) {
    const item = items[index];
    location.href = `${form.dataset.entries}${item.id}/${encodeURIComponent(item.slug)}`;
  }

  function open() {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function close() {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
}
