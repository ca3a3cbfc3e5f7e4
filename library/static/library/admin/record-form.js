/* The form of a record. The page works without this file; here it gets more rows, moving, choosing from vocabularies
   (combobox pattern of the ARIA Authoring Practices) and a word of warning when something is catalogued already. */

const PAUSE = 180; // ms without typing before the server is asked

for (const form of document.querySelectorAll("[data-record-form]")) enhance(form);

function enhance(form) {
  for (const group of form.querySelectorAll("[data-group]")) prepare(form, group);
  for (const row of form.querySelectorAll("[data-row]")) enhanceRow(form, row);
  watchForDuplicates(form);
}

function prepare(form, group) {
  const add = group.querySelector("[data-add]");
  if (add) {
    add.hidden = false;
    add.addEventListener("click", () => focusOn(addRow(form, group)));
  }
  group.addEventListener("keydown", (event) => {
    if (!event.altKey || !event.shiftKey) return;
    const row = event.target.closest("[data-row]");
    if (event.code === "KeyN" && add) focusOn(addRow(form, group, row));
    else if (event.code === "ArrowUp" && row) moveUp(row);
    else return;
    event.preventDefault();
  });
}

function addRow(form, group, after = null) {
  const rows = group.querySelector("[data-rows]");
  const numbers = [...rows.querySelectorAll(`input[name="${group.dataset.name}-row"]`)].map((input) => Number(input.value));
  const number = Math.max(-1, ...numbers) + 1;
  const made = document.createElement("template");
  made.innerHTML = group.querySelector("[data-blank]").innerHTML.replaceAll("__n__", String(number));
  const row = made.content.querySelector("[data-row]");
  const language = (after ?? rows.lastElementChild)?.querySelector("[data-lang]");
  if (language && row.querySelector("[data-lang]")) row.querySelector("[data-lang]").value = language.value;
  if (after) after.after(row);
  else rows.append(row);
  enhanceRow(form, row);
  return row;
}

function focusOn(row) {
  row.querySelector(".record-value").focus();
}

function moveUp(row) {
  const before = row.previousElementSibling;
  if (!before) return;
  const focused = document.activeElement;
  before.before(row);
  focused.focus();
  changed(row);
}

// Autosave and the warning about unsaved changes listen to what bubbles.
function changed(row) {
  row.querySelector(".record-value").dispatchEvent(new Event("change", { bubbles: true }));
}

function enhanceRow(form, row) {
  row.querySelector("[data-tools]").hidden = false;
  row.querySelector("[data-up]").addEventListener("click", () => moveUp(row));
  row.querySelector("[data-remove]").addEventListener("click", () => remove(row));
  const language = row.querySelector("[data-lang]");
  if (language) {
    const value = row.querySelector(".record-value");
    const say = () => {
      value.lang = language.value;
      value.dataset.keyboard = language.value;
    };
    say();
    language.addEventListener("change", say);
  }
  const finder = row.querySelector("[data-find]");
  if (finder) combobox(form, row, finder);
}

function remove(row) {
  const value = row.querySelector(".record-value");
  const rest = row.parentElement.children.length > 1;
  const next = row.nextElementSibling ?? row.previousElementSibling;
  value.value = "";
  for (const hidden of row.querySelectorAll("[data-ref], [data-label]")) hidden.value = "";
  changed(row);
  if (rest) {
    row.remove();
    focusOn(next);
    next.querySelector(".record-value").dispatchEvent(new Event("input", { bubbles: true }));
  } else value.focus();
}

// --- choosing from a vocabulary ---------------------------------------------------------------------------------------

function combobox(form, row, input) {
  const ref = row.querySelector("[data-ref]");
  const label = row.querySelector("[data-label]");
  const list = document.createElement("ul");
  list.className = "record-options";
  list.id = `${input.id}-options`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  row.append(list);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);
  mark();

  let options = [];
  let at = -1;
  let timer = 0;
  let request = null;

  input.addEventListener("input", () => {
    mark();
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    if (event.key === "ArrowDown" && options.length) select((at + 1) % options.length);
    else if (event.key === "ArrowUp" && options.length) select((at - 1 + options.length) % options.length);
    else if (event.key === "Enter" && !list.hidden && at >= 0) choose(options[at]);
    else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key !== "Enter") return;
    event.preventDefault(); // Enter never sends the form from here
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(options[Number(option.dataset.index)]);
  });

  // A name that was chosen and then changed is plain text again.
  function mark() {
    const chosen = ref.value && input.value.trim() === label.value.trim();
    input.toggleAttribute("data-chosen", Boolean(chosen));
  }

  async function ask() {
    const text = input.value.trim();
    request?.abort();
    if (!text) return close();
    request = new AbortController();
    const address = new URL(form.dataset.findUrl, location);
    address.searchParams.set("of", input.dataset.find);
    address.searchParams.set("q", text);
    try {
      const response = await fetch(address, { signal: request.signal, headers: { Accept: "application/json" } });
      if (!response.ok) return close();
      const { found } = await response.json();
      options = found;
      if (input.dataset.find !== "place" && !found.some((each) => each.label.toLowerCase() === text.toLowerCase())) {
        options = [...found, { label: text, isNew: true }];
      }
      show();
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function show() {
    at = -1;
    list.replaceChildren(...options.map((each, index) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${index}`;
      option.dataset.index = index;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = each.isNew ? `${form.dataset.sayNew} ${each.label}` : each.label;
      if (each.hint) {
        const hint = document.createElement("small");
        hint.textContent = each.hint;
        option.append(hint);
      }
      return option;
    }));
    const isOpen = options.length > 0 && document.activeElement === input;
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
  }

  function select(index) {
    list.hidden = false;
    at = index;
    for (const [number, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(number === at));
      if (number === at) option.scrollIntoView({ block: "nearest" });
    }
    input.setAttribute("aria-activedescendant", `${list.id}-${at}`);
  }

  async function choose(option) {
    let chosen = option;
    close();
    if (option.isNew) {
      chosen = await create(form, input.dataset.find, option.label);
      if (!chosen) return;
    }
    ref.value = chosen.pk;
    label.value = chosen.label;
    input.value = chosen.label;
    mark();
    changed(row);
  }

  function close() {
    list.hidden = true;
    options = [];
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
}

async function create(form, of, label) {
  const token = form.closest("form").querySelector("[name=csrfmiddlewaretoken]").value;
  const response = await fetch(form.dataset.createUrl, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ of, label }),
  });
  // Who may not add names keeps the text: it is saved as it stands.
  return response.ok ? response.json() : null;
}

// --- is it catalogued already? ----------------------------------------------------------------------------------------

function watchForDuplicates(form) {
  const box = form.querySelector("[data-same]");
  let timer = 0;
  let last = "";

  form.addEventListener("input", (event) => {
    const value = event.target.closest?.('[data-group="title"] .record-value, [data-group="identifier"] .record-value');
    if (!value) return;
    clearTimeout(timer);
    timer = setTimeout(() => ask(value), 3 * PAUSE);
  });

  async function ask(value) {
    const text = value.value.trim();
    const name = value.closest("[data-group]").dataset.group;
    if (`${name} ${text}` === last) return;
    last = `${name} ${text}`;
    if (text.length < 3) return;
    const address = new URL(form.dataset.duplicatesUrl, location);
    address.searchParams.set(name, text);
    if (form.dataset.pk) address.searchParams.set("pk", form.dataset.pk);
    try {
      const response = await fetch(address, { headers: { Accept: "application/json" } });
      if (response.ok) show((await response.json()).found);
    } catch {
      // Without a connection there is no warning; the form is saved all the same.
    }
  }

  function show(found) {
    box.hidden = found.length === 0;
    const list = document.createElement("ul");
    for (const each of found) {
      const link = document.createElement("a");
      link.href = each.url;
      link.target = "_blank";
      link.rel = "noreferrer";
      link.textContent = each.title;
      const item = document.createElement("li");
      item.append(link, ` (${each.kind})`);
      list.append(item);
    }
    const said = document.createElement("strong");
    said.textContent = form.dataset.saySame;
    box.replaceChildren(said, list);
  }
}
