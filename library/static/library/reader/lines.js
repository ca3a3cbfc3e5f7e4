/* The line under the pointer lights up on the page and in the text alike; a word that is touched on the page opens its card. */

export function lines(reader) {
  const { root } = reader;
  let all = [];
  let lit = null;

  function renew() {
    lit = null;
    all = [...root.querySelectorAll(".reader-line")].map((element, index) => {
      const [x, y, w, h] = element.dataset.box.split(",").map(Number);
      return { element, index, box: [x, y, w, h] };
    });
  }

  function light(line, { from }) {
    if (line === lit) return;
    lit?.element.removeAttribute("data-lit");
    lit = line;
    line?.element.setAttribute("data-lit", "");
    reader.zoom?.light(line ? line.box : null);
    if (line && from === "picture") near(line.element);
  }

  /* Bring a line into sight inside the column of text; the page of the browser stays where it is. */
  function near(element) {
    const column = element.closest(".reader-side");
    if (column.scrollHeight <= column.clientHeight) return;
    const [inner, outer] = [element.getBoundingClientRect(), column.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) column.scrollTop += inner.top - outer.top - outer.height / 3;
  }

  const holds = ([x, y, w, h], point) => point.x >= x && point.x <= x + w && point.y >= y && point.y <= y + h;

  root.addEventListener("reader:point", ({ detail: point }) => {
    const line = point && all.find((each) => holds(each.box, point));
    if (!point?.click || line) light(line ?? null, { from: "picture" });
    if (point?.click && line) open(line, point);
  });
  root.addEventListener("pointerover", (event) => {
    const element = event.target.closest?.(".reader-line");
    if (element || event.target.closest?.(".reader-text")) {
      light(element ? all.find((each) => each.element === element) : null, { from: "text" });
    }
  });
  root.addEventListener("focusin", (event) => {
    const element = event.target.closest?.(".reader-line");
    if (element) light(all.find((each) => each.element === element), { from: "text" });
  });

  /* The card of the word at this place. Words of a line stand in the same order on the page and in the text. */
  function open(line, point) {
    const boxes = reader.data.words[line.index] ?? [];
    const box = boxes.find(([x, , w]) => point.x >= x && point.x <= x + w);
    const links = [...line.element.querySelectorAll("a.word")];
    if (!box || !links.length) return;
    const middle = (box[0] + box[2] / 2 - line.box[0]) / line.box[2];
    const place = (link) => {
      const [a, b] = [link.getBoundingClientRect(), link.closest(".linked").getBoundingClientRect()];
      return b.width ? (a.left + a.width / 2 - b.left) / b.width : 0;
    };
    const link = links.length === boxes.length ? links[boxes.indexOf(box)]
      : links.reduce((best, each) => (Math.abs(place(each) - middle) < Math.abs(place(best) - middle) ? each : best));
    if (reader.narrow()) reader.show("text");
    link.scrollIntoView({ block: "nearest" });
    setTimeout(() => link.click());
  }

  renew();
  return { renew };
}
