/* The state of the reader is its address: page, q, xywh, rotation. */

export const address = {
  /* The address with other values; an empty value goes, undefined stays. */
  with(place, values) {
    const made = new URL(place.href);
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) continue;
      if (value === "" || value === null || (name === "rotation" && !value)) made.searchParams.delete(name);
      else made.searchParams.set(name, value);
    }
    made.search = made.search.replaceAll("%2C", ",");
    made.hash = "";
    return made.href;
  },

  rotation(place) {
    const asked = Number(new URL(place.href).searchParams.get("rotation"));
    return [90, 180, 270].includes(asked) ? asked : 0;
  },
};

export function same(one, other) {
  return new URL(one, location).href === new URL(other, location).href;
}
