/* The typing engine: keys in, changes of the text before the cursor out. It knows no page.

   It runs what ime.targets.web.payload says and equals the reference engine, ime/typing.py:
   - a key gives its output; where a dead key is waiting, what that makes of the output;
   - else the rule with the longest context before the cursor rewrites context and output;
   - else the output is appended; and then the text is NFC. */

const NAMES = {
  "`": "Backquote", "-": "Minus", "=": "Equal", "[": "BracketLeft", "]": "BracketRight", "\\": "Backslash",
  ";": "Semicolon", "'": "Quote", "\0": "IntlBackslash", ",": "Comma", ".": "Period", "/": "Slash", " ": "Space",
};
const US = "`1234567890-=qwertyuiop[]\\asdfghjkl;'\0zxcvbnm,./ ";
const US_SHIFT = '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"\0ZXCVBNM<>?\0';

/** The W3C codes of the keys in the order of ime/positions.py: four rows from the digits down, and the space bar. */
export const CODES = [...US].map((sign) => NAMES[sign] ?? (/\d/.test(sign) ? "Digit" : "Key") + sign.toUpperCase());

/** How many keys each row has. */
export const ROWS = [13, 13, 11, 11];

/** The press that prints a sign on a US keyboard, as [code, modifiers], or nothing. */
export function pressOf(sign) {
  for (const [signs, modifiers] of [[US, ""], [US_SHIFT, "shift"]]) {
    const at = sign === "\0" ? -1 : signs.indexOf(sign);
    if (at >= 0) return [CODES[at], modifiers];
  }
  return null;
}

const PLACES = new Map(CODES.map((code, at) => [code, at]));
const CONTINUES = /[\p{M}\u1160-\u11ff]/u; // what may be composed with the character before
const REACH = 64; // so much of the text before the cursor is looked at, in UTF-16 units

const prepared = new WeakMap();

/** Make a payload ready to run. */
export function prepare(payload) {
  if (!prepared.has(payload)) prepared.set(payload, indexed(payload));
  return prepared.get(payload);
}

function indexed(payload) {
  const tables = payload.slots.map((slot) => new Map([...slot].map((sign, at) => [sign, at])));
  const values = payload.values.map((list) => (typeof list === "string" ? [...list] : list));
  const slotOf = (slot) => (typeof slot === "string" ? new Map([[slot, 0]]) : tables[slot]);
  const ruleOf = ([context, kept, output]) => ({
    context: context.map(slotOf),
    kept,
    output: output.map((out) => (typeof out === "string" ? out : { slot: out[0], values: values[out[1]] })),
  });
  const longestFirst = (rules) => rules.map(ruleOf).sort((a, b) => b.context.length - a.context.length);
  return {
    payload,
    rules: Object.fromEntries(Object.entries(payload.rules).map(([trigger, rules]) => [trigger, longestFirst(rules)])),
    backspaces: longestFirst(payload.backspaces),
  };
}

/** What a key does: { output, label, dead } (`dead` names the dead key), or nothing. */
export function keyAt(program, code, modifiers) {
  const cell = program.payload.keys[modifiers]?.[PLACES.get(code) ?? -1];
  if (!cell) return null;
  const [output, label, dead] = typeof cell === "string" ? [cell] : cell;
  return { output, dead, label: label || (dead ? program.payload.dead[dead][0] : output) };
}

/**
 * What a key makes of the text before the cursor, while the dead key `pending` waits (or ""): so many UTF-16 units
 * to `erase`, what to `insert` in their place, and which dead key waits then.
 */
export function press(program, before, pending, { output, dead }) {
  if (dead && !pending) return { erase: 0, insert: "", pending: dead };
  let given = dead ? program.payload.dead[dead][1] : output;
  if (pending) {
    const [, alone, results] = program.payload.dead[pending];
    given = results[given] ?? alone + given;
  }
  return rewritten(program.rules[given], before) ?? change(before, 0, given);
}

/** The same for Backspace: a waiting dead key is given up, else a rule or one character is taken back. */
export function backspace(program, before, pending) {
  if (pending) return { erase: 0, insert: "", pending: "" };
  return rewritten(program.backspaces, before) ?? change(before, [...before.slice(-2)].at(-1)?.length ?? 0, "");
}

/** The text that strokes give, each [code, modifiers], or null for Backspace. */
export function typeAll(program, strokes) {
  let text = "";
  let pending = "";
  for (const stroke of strokes) {
    const key = stroke && keyAt(program, ...stroke);
    if (stroke && !key) continue;
    const made = key ? press(program, text, pending, key) : backspace(program, text, pending);
    text = text.slice(0, text.length - made.erase) + made.insert;
    pending = made.pending;
  }
  return text;
}

/** What the first rule that matches makes, or nothing. */
function rewritten(rules = [], before) {
  const signs = [...before.slice(-REACH)];
  for (const { context, kept, output } of rules) {
    const from = signs.length - context.length;
    if (from < 0 || !context.every((slot, at) => slot.has(signs[from + at]))) continue;
    const made = output.map((out) => {
      if (typeof out === "string") return out;
      const sign = signs[from + out.slot];
      return out.values ? out.values[context[out.slot].get(sign)] : sign;
    });
    return change(before, signs.slice(from + kept).join("").length, made.join(""));
  }
  return null;
}

/** Put `insert` in the place of the last `erase` units and make the end of the text NFC; nothing equal is touched. */
function change(before, erase, insert) {
  const old = before.slice(-REACH);
  const left = old.slice(0, Math.max(0, old.length - erase));
  const signs = [...left];
  let last = signs.length;
  while (last > 0 && CONTINUES.test(signs[--last]));
  const start = signs.slice(0, last).join("").length;
  const now = left.slice(0, start) + (left.slice(start) + insert).normalize("NFC");
  let same = 0;
  while (same < old.length && same < now.length && old[same] === now[same]) same += 1;
  if (same && /[\ud800-\udbff]/.test(old[same - 1])) same -= 1;
  return { erase: old.length - same, insert: now.slice(same), pending: "" };
}
