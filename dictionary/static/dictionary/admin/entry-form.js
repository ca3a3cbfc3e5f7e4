// The form of an entry: built over the JSON tree in the hidden textarea. What it does not show it does not touch.
import * as tree from "./tree.js";
import { button, el, labelled, line, listId, multitext, section, tool, uniqueId } from "./controls.js";
import { mediaList } from "./media.js";
import { installPalette } from "./palette.js";

const DOMAIN = "semantic-domain";
const DOMAIN_TRAIT = "semantic-domain-ddp4";

function start(root) {
  const store = root.querySelector("textarea[data-entry-content]");
  const uploads = root.closest("form").querySelector("input[data-entry-uploads]");
  const data = JSON.parse(root.querySelector("script[type='application/json']").textContent);
  let content;
  try {
    content = JSON.parse(store.value || "{}");
  } catch {
    return; // The plain fields stay, with the server's message.
  }
  root.querySelector("[data-entry-plain]").remove();
  const tokens = uploads.value ? JSON.parse(uploads.value) : {};
  let waiting = 0;

  const write = () => {
    window.clearTimeout(waiting);
    waiting = 0;
    store.value = JSON.stringify(content);
    store.dispatchEvent(new Event("input", { bubbles: true }));
    store.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const context = {
    data,
    say: (key) => data.strings[key] || key,
    changed: () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(write, 150);
    },
    uploaded: (href, token) => {
      tokens[href] = token;
      uploads.value = JSON.stringify(tokens);
    },
    csrf: () => root.closest("form").querySelector("[name=csrfmiddlewaretoken]").value,
  };
  root.closest("form").addEventListener("submit", () => waiting && write(), true);
  root.closest("form").addEventListener("formdata", () => waiting && write());

  const editor = el("div", { class: "entry-editor" });
  root.append(editor);
  draw(editor, content, context);
  installPalette(root, context);
  installShortcuts(root, content, context, editor);
  const wrong = root.querySelector("[aria-invalid=true]");
  if (wrong) {
    wrong.closest("details")?.setAttribute("open", "");
    wrong.focus();
  }
}

function draw(editor, content, context) {
  const { say, data } = context;
  const filled = (key) => tree.listOf(content, key).length > 0;
  const senses = el("div", { class: "entry-senses", "data-senses": "" });
  editor.replaceChildren(
    section(say("headword"), "forms", true,
      multitext(context, content, "forms", data.tags, "", { large: true, label: say("headword"), more: true })),
    section(say("citation"), "citation", filled("citation"),
      el("p", { class: "help" }, say("citationHelp")),
      multitext(context, content, "citation", data.tags.slice(0, 1), "", { label: say("citation"), more: true })),
    section(say("pronunciation"), "pronunciations", true,
      nodeList(context, content, "pronunciations", "", say("addPronunciation"), pronunciation)),
    section(say("senses"), "senses", true, senses,
      el("div", { class: "entry-buttons" },
        button(say("addSense"), () => addSense(context, content, content, senses), {
          "data-add-sense": "", title: `${say("addSense")} (Alt+Shift+S)`,
        }))),
    section(say("relations"), "relations", filled("relations"),
      nodeList(context, content, "relations", "", say("addRelation"), relation)),
    section(say("variants"), "variants", filled("variants"),
      nodeList(context, content, "variants", "", say("addVariant"), variant)),
    section(say("etymology"), "etymologies", filled("etymologies"),
      nodeList(context, content, "etymologies", "", say("addEtymology"), etymology)),
    section(say("notes"), "notes", filled("notes"),
      nodeList(context, content, "notes", "", say("addNote"), note)),
    section(say("sources"), "sources", filled("sources"),
      nodeList(context, content, "sources", "", say("addSource"), source)),
  );
  drawSenses(context, content, content, senses, "");
}

/** A list of nodes of one kind, each with tools to move and remove it. */
function nodeList(context, parent, key, path, addLabel, drawNode, attributes = {}) {
  const list = el("div", { class: "entry-nodes" });
  const redraw = () => {
    list.replaceChildren(...tree.listOf(parent, key).map((node, index) => item(node, index)));
  };
  const item = (node, index) => el(
    "div",
    { class: "entry-node", "data-node": node.id },
    el("div", { class: "entry-tools" },
      tool("↑", context.say("up"), () => shift(node, index - 1)),
      tool("↓", context.say("down"), () => shift(node, index + 1)),
      tool("✕", context.say("remove"), () => {
        tree.remove(parent, key, node);
        context.changed();
        redraw();
      })),
    el("div", { class: "entry-node-body" }, ...drawNode(context, node, `${path}${key}[${index}].`)),
  );
  const shift = (node, to) => {
    if (tree.move(parent, key, node, to)) {
      context.changed();
      redraw();
      list.children[to].querySelector("button").focus();
    }
  };
  const add = button(addLabel, () => {
    tree.append(parent, key, tree.newNode());
    context.changed();
    redraw();
    list.lastElementChild.querySelector("textarea, input")?.focus();
  }, attributes);
  redraw();
  return el("div", { class: "entry-list" }, list, el("div", { class: "entry-buttons" }, add));
}

function pronunciation(context, node, path) {
  const { say, data } = context;
  return [
    multitext(context, node, "forms", data.ipaTags, path, { label: say("pronunciation"), more: true }),
    trait(context, node, "location", say("dialect")),
    mediaList(context, node, "media", "audio", path),
  ];
}

function relation(context, node, path) {
  const { say } = context;
  return [
    line(context, node, "type", say("relationType"), path, { list: "relations" }),
    target(context, node, path),
  ];
}

function variant(context, node, path) {
  const { say, data } = context;
  return [
    multitext(context, node, "forms", data.tags.slice(0, 1), path, { label: say("variants"), more: true }),
    ...(node.ref ? [target(context, node, path)] : []),
  ];
}

function etymology(context, node, path) {
  const { say, data } = context;
  return [
    line(context, node, "type", say("etymologyType"), path, { list: "etymologies" }),
    line(context, node, "source", say("sourceLanguage"), path),
    multitext(context, node, "forms", data.tags.slice(0, 1), path, { label: say("sourceForm"), more: true }),
    multitext(context, node, "glosses", data.glossTags, path, { label: say("gloss") }),
  ];
}

function note(context, node, path) {
  const { say, data } = context;
  return [
    line(context, node, "type", say("noteType"), path, { list: "notes" }),
    multitext(context, node, "forms", data.glossTags, path, { label: say("notes"), more: true }),
  ];
}

function source(context, node, path) {
  const { say } = context;
  return [
    line(context, node, "title", say("sourceTitle"), path),
    line(context, node, "url", say("sourceUrl"), path),
    line(context, node, "licence", say("sourceLicence"), path),
    line(context, node, "citation", say("sourceCitation"), path),
  ];
}

function example(context, node, path) {
  const { say, data } = context;
  const translations = tree.listOf(node, "translations");
  // A translation is made only when something is written into it.
  const first = translations[0] || tree.newNode();
  const fields = translations.length ? translations : [first];
  return [
    multitext(context, node, "forms", data.tags.slice(0, 1), path, { label: say("example"), more: true }),
    el("p", { class: "entry-sub" }, say("translation")),
    ...fields.map((each, index) => {
      const field = multitext(context, each, "forms", data.glossTags, `${path}translations[${index}].`, {
        label: say("translation"),
      });
      field.addEventListener("input", () => {
        const present = tree.listOf(node, "translations").includes(each);
        const used = tree.listOf(each, "forms").length > 0;
        if (used && !present) tree.append(node, "translations", each);
        const bare = Object.keys(each).every((key) => key === "id");
        if (!used && present && bare) tree.remove(node, "translations", each);
      });
      return field;
    }),
    line(context, node, "source", say("exampleSource"), path),
  ];
}

/** One trait of a name, as a line of text; other traits of the node are left alone. */
function trait(context, node, name, label) {
  const id = uniqueId();
  const found = () => tree.listOf(node, "traits").find((each) => each.name === name);
  const input = el("input", { id, type: "text", autocomplete: "off" });
  input.value = found()?.value || "";
  input.addEventListener("input", () => {
    const present = found();
    if (present && input.value) present.value = input.value;
    else if (present) tree.remove(node, "traits", present);
    else if (input.value) tree.append(node, "traits", { name, value: input.value });
    context.changed();
  });
  return labelled(label, id, el("div", { class: "entry-input" }, input));
}

/** The entry that a relation leads to, found by typing. */
function target(context, node, path) {
  const { say, data } = context;
  const id = uniqueId();
  const input = el("input", {
    id, type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": `${id}-list`,
    "data-path": `${path}ref`,
  });
  const list = el("ul", { id: `${id}-list`, class: "entry-suggestions", role: "listbox", hidden: true });
  const named = () => data.related[node.ref] || node.ref || "";
  input.value = named();
  let waiting = 0;
  let active = -1;
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (found) => {
    node.ref = found.ref;
    data.related[found.ref] = found.label;
    input.value = found.label;
    context.changed();
    close();
  };
  const mark = (to) => {
    const options = [...list.children];
    if (!options.length) return;
    active = (to + options.length) % options.length;
    options.forEach((each, index) => each.setAttribute("aria-selected", index === active));
    input.setAttribute("aria-activedescendant", options[active].id);
  };
  const ask = async () => {
    const address = new URL(data.urls.entries, window.location.href);
    address.searchParams.set("q", input.value);
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    const { entries } = await response.json();
    list.replaceChildren(...entries.map((found, index) => el(
      "li",
      { role: "option", id: `${id}-${index}`, "aria-selected": "false", onmousedown: (event) => {
        event.preventDefault();
        choose(found);
      } },
      found.label,
    )));
    list.choices = entries;
    list.hidden = !entries.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  input.addEventListener("input", () => {
    window.clearTimeout(waiting);
    if (!input.value) {
      delete node.ref;
      context.changed();
      close();
      return;
    }
    waiting = window.setTimeout(ask, 200);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!list.hidden && list.choices?.length) choose(list.choices[Math.max(active, 0)]);
    } else if (event.key === "Escape") close();
  });
  input.addEventListener("blur", () => {
    close();
    input.value = named();
  });
  return labelled(say("relatedEntry"), id, el("div", { class: "entry-input entry-combobox" }, input, list));
}

// --- senses ---

function drawSenses(context, root, parent, holder, path, number = "") {
  holder.replaceChildren(...tree.listOf(parent, "senses").map((sense, index) => {
    const where = `${path}senses[${index}].`;
    return senseBox(context, root, sense, where, `${number}${index + 1}`);
  }));
}

function redrawSenses(context, root, focusOn, part = "textarea, input") {
  const holder = document.querySelector("[data-senses]");
  drawSenses(context, root, root, holder, "");
  holder.querySelector(`[data-sense="${CSS.escape(focusOn?.id || "")}"]`)?.querySelector(part)?.focus();
}

function addSense(context, root, parent) {
  const sense = tree.append(parent, "senses", tree.newNode());
  context.changed();
  redrawSenses(context, root, sense);
}

function senseBox(context, root, sense, path, number) {
  const { say, data } = context;
  const filled = (key) => tree.listOf(sense, key).length > 0;
  const act = (change, part) => () => {
    if (change()) {
      context.changed();
      redrawSenses(context, root, sense, part);
    }
  };
  const parent = () => tree.parentOf(root, sense);
  const at = (step) => tree.listOf(parent(), "senses").indexOf(sense) + step;
  const tools = el("div", { class: "entry-tools" },
    tool("⠿", say("drag"), null, { class: "entry-tool entry-grip", draggable: "true", tabindex: "-1", "data-grip": "" }),
    tool("↑", say("up"), act(() => tree.move(parent(), "senses", sense, at(-1)), "[data-up]"), { "data-up": "" }),
    tool("↓", say("down"), act(() => tree.move(parent(), "senses", sense, at(1)), "[data-down]"), { "data-down": "" }),
    tool("→", say("indent"), act(() => tree.indent(parent(), sense), "[data-indent]"), { "data-indent": "" }),
    tool("←", say("outdent"), act(() => tree.outdent(root, sense), "[data-outdent]"), { "data-outdent": "" }),
    tool("✕", say("remove"), () => {
      if (!isEmpty(sense) && !window.confirm(say("removeSense"))) return;
      const holder = parent();
      tree.remove(holder, "senses", sense);
      context.changed();
      redrawSenses(context, root, holder);
    }, { "data-remove": "" }));
  const subsenses = el("div", { class: "entry-senses entry-senses--nested" });
  const box = el("section", { class: "entry-sense", "data-sense": sense.id, "aria-label": `${say("sense")} ${number}` },
    el("header", { class: "entry-sense-head" }, el("h3", {}, `${say("sense")} ${number}`), tools),
    partOfSpeech(context, sense, path),
    heading(say("gloss")),
    multitext(context, sense, "glosses", data.glossTags, path, { label: say("gloss"), repeat: true }),
    heading(say("definition")),
    multitext(context, sense, "definition", data.glossTags, path, { label: say("definition") }),
    heading(say("examples")),
    nodeList(context, sense, "examples", path, say("addExample"), example, {
      "data-add-example": "", title: `${say("addExample")} (Alt+Shift+E)`,
    }),
    heading(say("domains")),
    domains(context, sense),
    el("details", { class: "entry-more", open: filled("illustrations") || filled("relations") || filled("notes") },
      el("summary", {}, say("more")),
      heading(say("pictures")),
      mediaList(context, sense, "illustrations", "image", path),
      heading(say("relations")),
      nodeList(context, sense, "relations", path, say("addRelation"), relation),
      heading(say("notes")),
      nodeList(context, sense, "notes", path, say("addNote"), note)),
    subsenses,
    el("div", { class: "entry-buttons" }, button(say("addSubsense"), () => addSense(context, root, sense), {
      "data-add-subsense": "",
    })));
  drawSenses(context, root, sense, subsenses, path, `${number}.`);
  dragging(context, root, sense, box);
  return box;
}

function isEmpty(sense) {
  return Object.keys(sense).every((key) => key === "id");
}

function heading(text) {
  return el("h4", { class: "entry-heading" }, text);
}

function partOfSpeech(context, sense, path) {
  const id = uniqueId();
  const input = el("input", {
    id, type: "text", list: listId(context, "pos"), autocomplete: "off", "data-path": `${path}pos.value`,
  });
  input.value = sense.pos?.value || "";
  input.addEventListener("input", () => {
    if (input.value) sense.pos = { ...sense.pos, value: input.value };
    else if (sense.pos) {
      delete sense.pos.value;
      if (!Object.keys(sense.pos).length) delete sense.pos;
    }
    context.changed();
  });
  return labelled(context.say("pos"), id, el("div", { class: "entry-input entry-input--short" }, input));
}

/** Semantic domains: traits of one family of names; all other traits are left alone. */
function domains(context, sense) {
  const { say } = context;
  const field = el("div", { class: "entry-domains" });
  const redraw = (focus = false) => {
    const chips = tree.listOf(sense, "traits").filter((each) => each.name?.startsWith(DOMAIN)).map((each) => el(
      "span", { class: "entry-chip" }, each.value,
      tool("✕", `${say("remove")}: ${each.value}`, () => {
        tree.remove(sense, "traits", each);
        context.changed();
        redraw(true);
      })));
    const input = el("input", {
      type: "text", list: listId(context, "domains"), "aria-label": say("addDomain"), placeholder: say("addDomain"),
      autocomplete: "off",
    });
    const add = () => {
      const value = input.value.trim();
      if (!value) return;
      tree.append(sense, "traits", { name: DOMAIN_TRAIT, value });
      context.changed();
      redraw(true);
    };
    input.addEventListener("change", add);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        add();
      }
    });
    field.replaceChildren(...chips, input);
    if (focus) input.focus();
  };
  redraw();
  return field;
}

let dragged = null;

function dragging(context, root, sense, box) {
  const grip = box.querySelector("[data-grip]");
  grip.addEventListener("dragstart", (event) => {
    dragged = sense;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", sense.id);
    event.dataTransfer.setDragImage(box, 10, 10);
  });
  grip.addEventListener("dragend", () => {
    dragged = null;
  });
  box.addEventListener("dragover", (event) => {
    if (!dragged || dragged === sense) return;
    event.preventDefault();
    event.stopPropagation();
    box.classList.add("entry-drop");
  });
  box.addEventListener("dragleave", () => box.classList.remove("entry-drop"));
  box.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    event.stopPropagation();
    box.classList.remove("entry-drop");
    if (tree.placeBefore(root, dragged, sense)) {
      context.changed();
      redrawSenses(context, root, dragged, "[data-up]");
    }
  });
}

function installShortcuts(root, content, context) {
  root.addEventListener("keydown", (event) => {
    if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey) return;
    const box = event.target.closest("[data-sense]");
    const press = (selector, within = box || root) => {
      const found = within.querySelector(selector);
      if (found) {
        event.preventDefault();
        found.click();
      }
    };
    if (event.code === "KeyS") press("[data-add-sense]", root);
    else if (event.code === "KeyE") press("[data-add-example]");
    else if (box && event.code === "ArrowUp") press("[data-up]");
    else if (box && event.code === "ArrowDown") press("[data-down]");
    else if (box && event.code === "ArrowRight") press("[data-indent]");
    else if (box && event.code === "ArrowLeft") press("[data-outdent]");
  });
}

for (const root of document.querySelectorAll("[data-entry-form]")) start(root);
