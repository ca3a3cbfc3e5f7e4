// What the editors of pages and of transcripts share: a list of rows, one panel for the chosen one, and saving row by row
// while the next is written already. The pages work as plain forms without this file.

/* `hooks`: fields (names in the panel), show(row) after one was chosen, renewed(row, oldPlace) after it was changed,
   listed() after the whole list came anew. */
export function editor(root, hooks) {
  const panel = root.querySelector("[data-panel]");
  const list = root.querySelector("[data-rows]");
  const said = root.querySelector("[data-said]");
  const text = panel.elements.text;
  const drafts = new Map(); // by place: what is not saved, and why
  let row = null;
  let queue = Promise.resolve();
  let waiting = 0;

  list.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(link.closest("[data-row]"), { focus: true });
  });
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    const action = event.submitter?.value || "save";
    if (action === "save" || action === "nothing") save(action);
    else send(action, row, entries(panel));
  });
  window.addEventListener("beforeunload", (event) => {
    if (waiting || drafts.size || dirty()) event.preventDefault();
  });

  function rows() {
    return [...list.querySelectorAll("[data-row]")];
  }

  function at(place) {
    return rows().find((each) => each.dataset.place === place) ?? null;
  }

  function kept() {
    return Object.fromEntries(hooks.fields.map((name) => [name, hooks.value(row, name)]));
  }

  function dirty() {
    return Boolean(row) && hooks.fields.some((name) => panel.elements[name].value !== hooks.value(row, name));
  }

  function stash() {
    if (!row) return;
    const present = Object.fromEntries(hooks.fields.map((name) => [name, panel.elements[name].value]));
    if (dirty()) drafts.set(row.dataset.place, present);
    else drafts.delete(row.dataset.place);
    row.classList.toggle("is-unsaved", dirty());
  }

  function choose(wanted, { focus = false } = {}) {
    if (!wanted) return;
    stash();
    row?.removeAttribute("aria-current");
    row = wanted;
    row.setAttribute("aria-current", "true");
    panel.hidden = false;
    // The panel stands in the row that it is about.
    if (panel.parentElement !== row) row.append(panel);
    fill();
    row.scrollIntoView({ block: "nearest" });
    const address = new URL(location);
    address.searchParams.set("at", row.dataset.place);
    history.replaceState(history.state, "", address);
    if (focus) {
      text.focus({ preventScroll: true });
      text.setSelectionRange(text.value.length, text.value.length);
    }
    hooks.show(row);
  }

  function fill() {
    const { place, machine, correction } = row.dataset;
    const values = drafts.get(place) ?? kept();
    for (const name of hooks.fields) panel.elements[name].value = values[name];
    panel.elements.place.value = place;
    panel.elements.seen.value = row.dataset.text;
    panel.elements.correction.value = correction;
    panel.querySelector("[data-machine]").textContent = machine;
    panel.querySelector("[data-machine-row]").hidden = !correction || !machine;
    panel.querySelector("[data-take-back]").hidden = !correction;
    panel.querySelector("[data-nothing]").hidden = row.classList.contains("is-gone");
  }

  /* Save what is in the panel, if there is anything to say, and go on to the next row at once. */
  function save(action = "save", { on = true } = {}) {
    const from = row;
    const all = rows();
    const next = all[all.indexOf(from) + 1];
    const changed = dirty() || action !== "save" || !from.dataset.correction;
    const values = entries(panel);
    if (changed && (values.get("text").trim() || action !== "save")) {
      from.pending = action === "nothing" ? "" : values.get("text").trim();
      // What is on its way is no draft any more; it comes back if it does not arrive.
      for (const name of hooks.fields) panel.elements[name].value = hooks.value(from, name);
      send(action, from, values);
    }
    if (on && next) choose(next, { focus: true });
    else if (changed) {
      for (const name of hooks.fields) if (action === "save") panel.elements[name].value = values.get(name);
    }
  }

  function move(by) {
    const all = rows();
    const to = all[all.indexOf(row) + by];
    if (!to) return;
    if (dirty()) save("save", { on: false });
    drafts.delete(row.dataset.place);
    for (const name of hooks.fields) panel.elements[name].value = hooks.value(row, name);
    choose(to, { focus: true });
  }

  function put(back) {
    drafts.delete(row.dataset.place);
    fill();
    if (back) row.classList.remove("is-unsaved");
  }

  /* One after the other, so that nobody is in conflict with themselves. */
  function send(action, about, values, place = about?.dataset.place) {
    values.set("action", action);
    waiting += 1;
    about?.classList.add("is-sending");
    const before = about?.pendingSeen;
    if (about && before !== undefined && action === "save") values.set("seen", before);
    if (about && about.pending !== undefined) about.pendingSeen = about.pending;
    queue = queue.then(() => deliver(about, values, place)).finally(() => {
      waiting -= 1;
      about?.classList.remove("is-sending");
      if (about) delete about.pendingSeen;
    });
    return queue;
  }

  async function deliver(about, values, place) {
    let answer;
    try {
      const sent = new URLSearchParams(values);
      answer = await fetch(location.pathname, { method: "POST", headers: { "X-Part": "1" }, body: sent });
    } catch {
      return lost(about, values, root.dataset.saidLost);
    }
    const known = answer.headers.get("Content-Type")?.includes("json");
    if (!known || answer.redirected) return lost(about, values, root.dataset.saidLogin);
    const told = await answer.json();
    if (answer.ok) drafts.delete(place);
    if (answer.status === 409) {
      if (told.list !== undefined) take(told, place, about);
      else if (told.row) renew(about, told.row, place);
      return lost(told.place ? at(told.place) ?? about : about, values, told.said);
    }
    if (!answer.ok) return lost(about, values, told.said);
    said.classList.remove("is-bad");
    said.textContent = told.said;
    if (told.list !== undefined) take(told, place);
    else if (told.row && about) renew(about, told.row, place);
    hooks.saved?.(told, values);
    return told;
  }

  function lost(about, values, why) {
    said.textContent = why;
    said.classList.add("is-bad");
    if (!about?.isConnected || !values.has("place")) return null;
    const mine = Object.fromEntries(hooks.fields.map((name) => [name, values.get(name) ?? hooks.value(about, name)]));
    if (row !== about) stash();
    drafts.set(about.dataset.place, mine);
    about.classList.add("is-unsaved");
    row?.removeAttribute("aria-current");
    row = null;
    choose(about, { focus: true });
    return null;
  }

  function renew(about, html, oldPlace) {
    const holder = document.createElement("ol");
    holder.innerHTML = html;
    const fresh = holder.firstElementChild;
    const untouched = row === about && !typed();
    for (const { name } of [...about.attributes]) if (name !== "aria-current") about.removeAttribute(name);
    for (const { name, value } of fresh.attributes) about.setAttribute(name, value);
    // The panel stays where it is, so that whoever types in it is not disturbed.
    for (const child of [...about.childNodes]) if (child !== panel) child.remove();
    about.prepend(...fresh.childNodes);
    if (row === about && untouched) fill();
    else if (row === about) {
      panel.elements.seen.value = about.dataset.text;
      panel.elements.correction.value = about.dataset.correction;
    }
    hooks.renewed(about, oldPlace);
  }

  /* Whether somebody types in the panel something that is not on its way. */
  function typed() {
    return dirty() && text.value.trim() !== row.pending;
  }

  function take(told, oldPlace) {
    const chosen = row?.dataset.place;
    if (row && chosen !== oldPlace) stash();
    list.before(panel);
    list.innerHTML = told.list;
    row = null;
    for (const [place] of drafts) at(place)?.classList.add("is-unsaved");
    hooks.listed?.();
    choose(at(chosen === oldPlace && told.place ? told.place : chosen) ?? at(told.place) ?? rows()[0], { focus: true });
    if (!rows().length) panel.hidden = true;
  }

  choose(at(panel.elements.place.value));
  return { panel, list, said, text, rows, at, choose, save, move, put, send, get row() { return row; } };
}

export function entries(form) {
  const values = new FormData(form);
  values.delete("action");
  return values;
}
