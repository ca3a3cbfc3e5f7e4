// Small controls that the entry form is built of. Each edits its node in place and says so by `context.changed()`.
import * as tree from "./tree.js";

let serial = 0;

/** An element with attributes (`on…` are listeners, `null` is left out) and children (texts or elements). */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** An id that no other element has. */
export function uniqueId() {
  serial += 1;
  return `entry-field-${serial}`;
}

/** A quiet button with a word on it. */
export function button(label, onclick, attributes = {}) {
  return el("button", { type: "button", class: "button button-small button-secondary", onclick, ...attributes }, label);
}

/** A small button with a sign, named for screen readers. */
export function tool(sign, label, onclick, attributes = {}) {
  return el(
    "button",
    { type: "button", class: "entry-tool", title: label, "aria-label": label, onclick, ...attributes },
    el("span", { "aria-hidden": "true" }, sign),
  );
}

/** The message that the server gave for a path, if any. */
function errorFor(context, path) {
  const message = context.data.errors[path];
  return message ? el("p", { class: "error-message entry-error", id: uniqueId() }, message) : null;
}

/** How a language is written: name, direction, fonts. Unknown tags show as themselves. */
export function writing(context, tag) {
  return context.data.writings[tag] || { tag, name: tag, direction: "auto", fonts: "", letters: [] };
}

/** A text box for one form; grows with its text. */
function formBox(context, node, form, path, options) {
  const style = writing(context, form.lang);
  const error = errorFor(context, `${path}.text`) || errorFor(context, `${path}.lang`);
  const id = uniqueId();
  const box = el("textarea", {
    id,
    rows: 1,
    lang: form.lang,
    dir: style.direction,
    class: `entry-text ${options.large ? "entry-text--large" : ""}`,
    style: style.fonts ? `font-family: ${style.fonts}` : null,
    "data-keyboard": form.lang,
    "data-path": `${path}.text`,
    "aria-invalid": error ? "true" : null,
    "aria-describedby": error ? error.id : null,
    spellcheck: "false",
  });
  box.value = form.text || "";
  box.addEventListener("input", () => {
    options.oninput(box.value);
    context.changed();
  });
  return { box, error, id, style };
}

/**
 * A multitext: one row per language that the lexicon uses here and per form that is there. A form that the lexicon
 * does not use is shown as well, never lost. A row that was emptied takes its form with it.
 */
export function multitext(context, node, key, tags, path, options = {}) {
  const field = el("div", { class: "entry-multitext", role: "group", "aria-label": options.label });
  const draw = () => {
    const forms = tree.listOf(node, key);
    const rows = [];
    const shown = new Set();
    forms.forEach((form, index) => {
      shown.add(form.lang);
      rows.push({ form, index, order: tags.includes(form.lang) ? tags.indexOf(form.lang) : tags.length + index });
    });
    for (const tag of tags) {
      if (!shown.has(tag)) rows.push({ form: { lang: tag, text: "" }, index: -1, order: tags.indexOf(tag) });
    }
    rows.sort((a, b) => a.order - b.order);
    field.replaceChildren(...rows.map((row) => drawRow(row)), ...extra());
  };
  const drawRow = ({ form, index }) => {
    const made = formBox(context, node, form, `${path}${key}[${index < 0 ? "new" : index}]`, {
      ...options,
      oninput: (text) => {
        tree.setForm(form, text);
        const present = tree.listOf(node, key).includes(form);
        if (text && !present) tree.append(node, key, form);
        if (!text && present && tree.isBare(form)) tree.remove(node, key, form);
      },
    });
    return el(
      "div",
      { class: "entry-row" },
      el("label", { class: "entry-lang", for: made.id }, made.style.name, el("span", { class: "entry-tag" }, made.style.tag)),
      el("div", { class: "entry-input" }, made.box, made.error),
    );
  };
  const extra = () => {
    if (!options.repeat && !options.more) return [];
    const pick = el(
      "select",
      { class: "entry-add-lang", "aria-label": context.say("addLanguage") },
      el("option", { value: "" }, context.say("addLanguage")),
      ...Object.values(context.data.writings).map((each) => el("option", { value: each.tag }, each.name)),
    );
    pick.addEventListener("change", () => {
      if (!pick.value) return;
      const form = { lang: pick.value, text: "" };
      const row = drawRow({ form, index: -1 });
      pick.before(row);
      pick.value = "";
      row.querySelector("textarea").focus();
    });
    return [pick];
  };
  draw();
  return field;
}

/** A labelled line of text for a plain key, with suggestions if there are any. */
export function line(context, node, key, label, path, options = {}) {
  const id = uniqueId();
  const error = errorFor(context, `${path}${key}`);
  const list = options.list ? suggestions(context, options.list) : null;
  const input = el("input", {
    id,
    type: "text",
    list: list ? list.id : null,
    "data-path": `${path}${key}`,
    "aria-invalid": error ? "true" : null,
    placeholder: options.placeholder,
    autocomplete: "off",
  });
  input.value = node[key] || "";
  input.addEventListener("input", () => {
    tree.setText(node, key, input.value);
    context.changed();
  });
  return labelled(label, id, el("div", { class: "entry-input" }, input, error), options);
}

/** A label beside its control. */
export function labelled(label, id, control, options = {}) {
  return el(
    "div",
    { class: `entry-row ${options.short ? "entry-row--short" : ""}` },
    el("label", { class: "entry-lang", for: id }, label),
    control,
  );
}

/** The list of suggestions of a name, made once per page. */
function suggestions(context, name) {
  const id = `entry-list-${name}`;
  let list = document.getElementById(id);
  if (!list) {
    const options = context.data.lists[name] || [];
    list = el("datalist", { id }, ...options.map((each) => el("option", { value: each.value }, each.label)));
    document.body.append(list);
  }
  return list;
}

/** The id of a datalist, for inputs made elsewhere. */
export function listId(context, name) {
  return suggestions(context, name).id;
}

/** A part of the form under its heading. It can be folded when it is empty. */
export function section(label, name, open, ...children) {
  return el(
    "details",
    { class: "entry-section", "data-section": name, open },
    el("summary", {}, el("span", {}, label)),
    el("div", { class: "entry-section-body" }, ...children),
  );
}

/** Where a text box is: put text at its caret as if it had been typed. */
export function typeInto(box, text) {
  box.focus();
  box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new InputEvent("input", { bubbles: true, data: text }));
}
