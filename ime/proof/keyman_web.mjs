// Types through a keyboard compiled for KeymanWeb, without the page around it: JSON in, JSON out.
//
//   node keyman_web.mjs < {"keyboard": source of the .js, "sequences": [[[virtual key, modifiers, states], …], …]}
//
// Answers {"version": …, "texts": […]}. The functions are those that a compiled keyboard calls (KKM, KFCM, KDC, …), as
// KeymanWeb documents them: https://help.keyman.com/developer/engine/web/current-version/reference/interface/
// The text before the cursor is an array of characters, and of numbers for dead keys.

import vm from 'node:vm';

const BACKSPACE = 8;
const VIRTUAL_KEY = 0x4000;
const MODIFIERS = 0x7f;
const STATES = 0x3f00;

let keyboard;
let context = [];
let chosen = []; // which alternative each any() of the rule found
const stores = new Map(); // a store is a string or an array; its characters are split once

const characters = (store) => {
  if (typeof store !== 'string') return store;
  if (!stores.has(store)) stores.set(store, [...store]);
  return stores.get(store);
};
const same = (item, before) => (typeof item === 'string' ? item === before : item.d === before);

/** Whether one element of a rule's context fits what stands there (undefined: nothing does). */
function fits(rule, before, index, all) {
  if (typeof rule === 'string') return rule === before;
  switch (rule.t) {
    case 'd': return rule.d === before;
    case 'a': {
      chosen[index] = before === undefined ? -1 : characters(rule.a).findIndex((item) => same(item, before));
      return rule.n ? chosen[index] < 0 && before !== undefined : chosen[index] >= 0;
    }
    case 'i': return same(characters(rule.i)[chosen[rule.o - 1]], before);
    case 'c': return all[rule.c - 1] === before;
    case 'n': return before === undefined;
    default: throw new Error(`unknown element of a context: ${JSON.stringify(rule)}`);
  }
}

const put = (deleted, ...items) => {
  if (deleted > 0) context.splice(-deleted);
  context.push(...items);
};

const api = {
  KR(registered) { keyboard = registered; },
  KKM(event, modifiers, key) {
    return key === event.key
      && (modifiers & VIRTUAL_KEY) !== 0
      && (modifiers & keyboard.KMBM & MODIFIERS) === event.modifiers
      && (modifiers & keyboard.KMBM & STATES & event.states) === (modifiers & keyboard.KMBM & STATES);
  },
  KFCM(length, _target, rule) {
    chosen = [];
    const start = context.length - length;
    const all = rule.map((_, index) => context[start + index]);
    return rule.every((element, index) => fits(element, all[index], index, all));
  },
  KDC(length) { put(Math.min(length, context.length)); },
  KO(deleted, _target, text) { put(deleted, ...text); },
  KDO(deleted, _target, number) { put(deleted, number); },
  KIO(deleted, store, index) {
    const item = characters(store)[chosen[index - 1]];
    put(deleted, typeof item === 'string' ? item : item.d);
  },
  KCXO() { throw new Error('context() of something that is not any() is not used by our keyboards'); },
};

function press([key, modifiers, states]) {
  const matched = keyboard.gs(context, { key, modifiers, states });
  if (matched || key !== BACKSPACE) return;
  // What KeymanWeb does by itself: one code point goes, and what was pending with it.
  while (typeof context.at(-1) === 'number') context.pop();
  context.pop();
}

function typed(sequence) {
  context = [];
  sequence.forEach(press);
  return context.filter((item) => typeof item === 'string').join('');
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const asked = JSON.parse(Buffer.concat(chunks).toString('utf8'));
const world = { keyman: { version: '17.0' }, KeymanWeb: api, console };
vm.runInNewContext(asked.keyboard, world);
process.stdout.write(JSON.stringify({ version: keyboard.KBVER, texts: asked.sequences.map(typed) }));
