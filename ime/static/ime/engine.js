/* The typing engine: keys in, changes of the text before the cursor out. Runs the payload of ime.targets.web, equals
   ime/typing.py, knows no page. */

const NAMES = {
  "`": "Backquote", "-": "Minus", "=": "Equal", "[": "BracketLeft", "]": "BracketRight", "\\": "Backslash",
  ";": "Semicolon", "'": "Quote", "\0": "IntlBackslash", ",": "Comma", ".": "Period", "/": "Slash", " ": "Space",
};
const US = "`1234567890-=qwertyuiop[]\\asdfghjkl;'\0zxcvbnm,./ ";
const US_SHIFT = '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"\0ZXCVBNM<>?\0';

/** W3C codes in the order of ime/positions.py: four rows from the digits down, and the space bar. */
export const CODES = [...US].map((sign) => NAMES[sign] ?? (/\d/.test(sign) ? "Digit" : "Key") + sign.toUpperCase());

/** The press, [code, modifiers], that prints a sign on a US keyboard; without a code if none does. */
export function pressOf(sign) {
  const modifiers = US.includes(sign) ? "" : "shift";
  return [CODES[(modifiers ? US_SHIFT : US).indexOf(sign)], modifiers];
}

const PLACES = new Map(CODES.map((code, at) => [code, at]));
const CONTINUES = /[\p{M}\u1160-\u11ff]/u; // may be composed with what stands before
const REACH = 64; // UTF-16 units before the cursor that are looked at

/** Make a payload ready to run. */
export function prepare(payload) {
  const slots = payload.slots.map((slot) => new Map([...slot].map((sign, at) => [sign, at])));
  const rules = {};
  for (const [trigger, list] of Object.entries(payload.rules)) {
    rules[trigger] = list.map(([context, kept, output]) => ({
      context: context.map((slot) => slots[slot]),
      kept,
      output: output.map((out) => (out.map ? { slot: out[0], values: [...payload.values[out[1]]] } : out)),
    }));
  }
  return { payload, rules };
}

/** The modifiers with one more, or one fewer. */
export const toggled = (modifiers, one) => ["shift", "altgr"].filter((each) => modifiers.includes(each) !== (each === one)).join("+");

/** What a key does: { output, label, dead: its name }, or nothing. */
export function keyAt(program, code, modifiers) {
  const cell = program.payload.keys[modifiers]?.[PLACES.get(code) ?? -1];
  if (!cell) return null;
  const [output, label, dead] = typeof cell === "string" ? [cell] : cell;
  return { output, dead, label: label || (dead ? program.payload.dead[dead][0] : output) };
}

/** What a key makes of the text before the cursor while the dead key `pending` waits (or ""): how many UTF-16 units to
 * `erase`, what to `insert` there, which dead key waits then. */
export function press(program, before, pending, { output, dead }) {
  if (dead && !pending) return { erase: 0, insert: "", pending: dead };
  let given = dead ? program.payload.dead[dead][1] : output;
  if (pending) {
    const [, alone, results] = program.payload.dead[pending];
    given = results[given] ?? alone + given;
  }
  return rewritten(program.rules[given], before) ?? change(before, 0, given);
}

/** The same for Backspace. */
export function backspace(program, before, pending) {
  if (pending) return { erase: 0, insert: "", pending: "" };
  return rewritten(program.rules[""], before) ?? change(before, [...before.slice(-2)].at(-1)?.length ?? 0, "");
}

function rewritten(rules = [], before) {
  const signs = [...before.slice(-REACH)];
  for (const { context, kept, output } of rules) {
    const from = signs.length - context.length;
    if (from < 0 || !context.every((slot, at) => slot.has(signs[from + at]))) continue;
    const made = output.map((out) => {
      const { slot, values } = out;
      return values ? values[context[slot].get(signs[from + slot])] : out;
    });
    return change(before, signs.slice(from + kept).join("").length, made.join(""));
  }
  return null;
}

// The end of the text becomes NFC; what stays equal is not touched.
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
