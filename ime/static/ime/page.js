/* What the scripts take from the page and keep in the browser. */

export const { imeIndex, imeCss, imeSay = "{}" } = document.querySelector("[data-ime-index]")?.dataset ?? {};

export const say = JSON.parse(imeSay);

/** The name in the page's language. */
export const nameOf = (names) => names[document.documentElement.lang] ?? Object.values(names)[0];

export const TOUCH = matchMedia("(hover: none) and (pointer: coarse)").matches;

/** An element with properties, attributes (`role`, or with a hyphen) and children. */
export function make(name, properties, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (/-|role/.test(key)) made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children);
  return made;
}

const kept = {};

/** The JSON at an address, asked for once. */
export const json = async (address) => (kept[address] ??= await (await fetch(address)).json());

export function recall(name) {
  try {
    return JSON.parse(localStorage[`keyboard:${name}`]);
  } catch {
    return null;
  }
}

/** Keep a value, where the browser keeps anything. */
export function remember(name, value) {
  try {
    localStorage[`keyboard:${name}`] = JSON.stringify(value);
  } catch {}
}
