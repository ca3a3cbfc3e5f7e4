// The content tree of an entry: changes in place, so that whatever is not touched stays exactly as it was.

/** A new node id: 48 random bits in hexadecimal, as the server gives them. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A node with an id and these keys. */
export function newNode(values = {}) {
  return { id: newId(), ...values };
}

/** The list under a key, without making one. */
export function listOf(node, key) {
  return node[key] || [];
}

/** Append to the list under a key, which is made when missing. */
export function append(node, key, value) {
  node[key] = [...listOf(node, key), value];
  return value;
}

/** Remove from the list under a key; an empty list goes with its last member. */
export function remove(node, key, value) {
  const rest = listOf(node, key).filter((each) => each !== value);
  if (rest.length) node[key] = rest;
  else delete node[key];
}

/** Set a text; an empty one is not kept. */
export function setText(node, key, text) {
  if (text) node[key] = text;
  else delete node[key];
}

/** Move a member by one place, or to the place of another; tells whether anything moved. */
export function move(node, key, value, to) {
  const list = [...listOf(node, key)];
  const from = list.indexOf(value);
  if (from < 0 || to < 0 || to >= list.length || to === from) return false;
  list.splice(from, 1);
  list.splice(to, 0, value);
  node[key] = list;
  return true;
}

/** Make a sense a subsense of the one before it. */
export function indent(parent, sense) {
  const at = listOf(parent, "senses").indexOf(sense);
  if (at < 1) return false;
  const before = parent.senses[at - 1];
  remove(parent, "senses", sense);
  append(before, "senses", sense);
  return true;
}

/** Make a subsense a sense beside its parent, right behind it. */
export function outdent(root, sense) {
  const parent = parentOf(root, sense);
  const above = parent && parentOf(root, parent);
  if (!above) return false;
  remove(parent, "senses", sense);
  const list = [...above.senses];
  list.splice(list.indexOf(parent) + 1, 0, sense);
  above.senses = list;
  return true;
}

/** Put a sense before another one, wherever that stands; never into itself. */
export function placeBefore(root, sense, target) {
  if (sense === target || holds(sense, target)) return false;
  const from = parentOf(root, sense);
  const to = parentOf(root, target);
  remove(from, "senses", sense);
  const list = [...listOf(to, "senses")];
  list.splice(list.indexOf(target), 0, sense);
  to.senses = list;
  return true;
}

/** The node whose list of senses holds this one. */
export function parentOf(root, sense) {
  for (const each of listOf(root, "senses")) {
    if (each === sense) return root;
    const deeper = parentOf(each, sense);
    if (deeper) return deeper;
  }
  return null;
}

function holds(sense, other) {
  return listOf(sense, "senses").some((each) => each === other || holds(each, other));
}

/** Change the text of a form; its spans (offsets in code points) follow the text they mark. */
export function setForm(form, text) {
  if (form.spans) moveSpans(form.spans, Array.from(form.text || ""), Array.from(text));
  form.text = text;
  if (form.spans) {
    form.spans = form.spans.filter((span) => span.end > span.start);
    if (!form.spans.length) delete form.spans;
  }
}

function moveSpans(spans, before, after) {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const shift = after.length - before.length;
  const end = before.length - tail;
  for (const span of spans) {
    span.start = moved(span.start, head, end, shift);
    span.end = Math.max(span.start, moved(span.end, head, end, shift));
  }
}

function moved(offset, head, end, shift) {
  if (offset <= head) return offset;
  return offset >= end ? offset + shift : Math.min(offset, Math.max(head, end + shift));
}

/** Whether a form says nothing but its language. */
export function isBare(form) {
  return !form.text && !Object.keys(form).some((key) => key !== "lang" && key !== "text");
}
