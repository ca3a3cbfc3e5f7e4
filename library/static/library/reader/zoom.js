/* The page as a window over tiles (OpenSeadragon). Places are pixels of the whole page everywhere. */

const HOLD = 1.02; // within this of the whole page, a finger turns pages and scrolls; beyond, it moves the picture
const SWIPE = 50;

export function zoom(reader) {
  const OSD = window.OpenSeadragon;
  const stage = document.getElementById("reader-stage");
  if (!OSD || !stage) return null;
  const { root, strings } = reader;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let viewer = null;
  let opened = 0; // counts pages, so that a slow answer for a page that was left does not come in its place
  let line = null;

  function make() {
    const box = document.createElement("div");
    box.className = "reader-deep";
    stage.append(box);
    root.dataset.deep = "";
    // OpenSeadragon adds inline styles unless it finds them, and the policy of the site allows none: this is found, and is none.
    const style = document.createElementNS("urn:none", "style");
    style.setAttribute("data-openseadragon-mobile-css", "");
    document.head.append(style);
    // That a tile comes after its page was left is no news.
    OSD.console = { ...OSD.console, log() {}, debug() {}, info() {}, warn() {}, error: (...all) => console.error(...all), assert() {} };
    viewer = new OSD.Viewer({
      element: box, drawer: "canvas", showNavigationControl: false, visibilityRatio: 0.6, minZoomImageRatio: 0.9,
      maxZoomPixelRatio: 3, animationTime: calm ? 0 : 0.5, immediateRender: calm, blendTime: 0, crossOriginPolicy: false,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true, scrollToZoom: true },
      gestureSettingsTouch: { flickEnabled: !calm, pinchToZoom: true, clickToZoom: false, dblClickToZoom: true },
      imageLoaderLimit: 4, preserveImageSizeOnResize: true,
    });
    viewer.canvas.setAttribute("role", "group");
    viewer.canvas.setAttribute("aria-label", strings.canvas);
    viewer.addHandler("canvas-key", (event) => (event.preventDefaultAction = true)); // keys.js knows them
    viewer.addHandler("canvas-scroll", (event) => {
      // The wheel moves the page of the browser until somebody asks for more by Ctrl, or has come nearer already.
      if (event.originalEvent.ctrlKey || !whole()) return;
      event.preventDefaultAction = true;
      event.preventDefault = false;
    });
    viewer.addHandler("open-failed", failed);
    viewer.addHandler("tile-drawn", () => (root.dataset.ready = ""));
    viewer.addHandler("animation-finish", touches);
    viewer.addHandler("canvas-drag", (event) => {
      if (event.pointerType === "touch" && whole()) event.preventDefaultAction = true;
    });
    swipes(viewer.canvas);
    viewer.addHandler("canvas-click", (event) => {
      if (event.quick) root.dispatchEvent(new CustomEvent("reader:point", { detail: { ...at(event.position), click: true, at: event.position } }));
    });
    viewer.canvas.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch" || !page()) return;
      const edge = viewer.canvas.getBoundingClientRect();
      const place = at(new OSD.Point(event.clientX - edge.left, event.clientY - edge.top));
      root.dispatchEvent(new CustomEvent("reader:point", { detail: place }));
    });
    viewer.canvas.addEventListener("pointerleave", () => root.dispatchEvent(new CustomEvent("reader:point", { detail: null })));
  }

  function swipes(canvas) {
    let start = null;
    canvas.addEventListener("pointerdown", (event) => {
      start = event.pointerType === "touch" && event.isPrimary && whole() ? [event.clientX, event.clientY] : null;
    });
    canvas.addEventListener("pointerdown", (event) => { if (!event.isPrimary) start = null; });
    canvas.addEventListener("pointercancel", () => (start = null));
    canvas.addEventListener("pointerup", (event) => {
      if (!start || !event.isPrimary) return;
      const [x, y] = [event.clientX - start[0], event.clientY - start[1]];
      start = null;
      if (Math.abs(x) < SWIPE || Math.abs(x) < 2 * Math.abs(y)) return;
      const onward = reader.data.rtl ? x > 0 : x < 0;
      reader.turn(reader.data.number + (onward ? 1 : -1));
    });
  }

  const page = () => viewer?.world.getItemAt(0);
  const whole = () => !page() || viewer.viewport.getZoom() <= viewer.viewport.getHomeZoom() * HOLD;
  /* While the whole page is shown a finger may scroll past it. */
  function touches() {
    viewer.canvas.style.touchAction = whole() ? "pan-y" : "none";
  }
  function at(position) {
    const image = page();
    if (!image) return { x: -1, y: -1 };
    const { x, y } = image.viewerElementToImageCoordinates(position);
    return { x, y };
  }

  function mark(name, [x, y, w, h]) {
    const element = document.createElement("div");
    element.className = name;
    viewer.addOverlay({ element, location: page().imageToViewportRectangle(x, y, w, h) });
    return element;
  }

  async function open(data) {
    const mine = ++opened;
    delete root.dataset.ready;
    line = null;
    if (viewer) {
      viewer.clearOverlays();
      viewer.close();
    }
    delete root.dataset.deep;
    const box = stage.querySelector(".reader-deep");
    if (box) box.hidden = true;
    if (!data.info) return; // closed, or not ready: what the page says stands there
    root.dataset.deep = "";
    stage.style.aspectRatio = `${data.width} / ${data.height}`;
    try {
      const response = await fetch(data.info, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(String(response.status));
      const info = await response.json();
      if (mine !== opened) return;
      // Tiles come from where this page comes from, whatever name the file gives its own address.
      info.id = new URL(data.info.replace(/\/info\.json$/, ""), location).href;
      delete info.sizes;
      if (!viewer) make();
      viewer.element.hidden = false;
      viewer.addOnceHandler("open", () => {
        if (mine !== opened) return;
        viewer.viewport.setRotation(reader.rotation, true);
        for (const hit of data.hits) mark("deep-hit", hit);
        if (data.region) {
          mark("deep-region", data.region);
          fit(data.region);
        }
        touches();
      });
      viewer.open({ ...info });
    } catch {
      if (mine === opened) failed();
    }
  }

  function failed() {
    delete root.dataset.deep;
    delete root.dataset.ready;
    if (viewer) viewer.element.hidden = true;
    const small = stage.querySelector(".reader-preview img");
    if (small) small.src = reader.data.picture;
    reader.say(strings.noTiles, true);
  }

  function fit([x, y, w, h]) {
    const [wide, high] = [w * 0.08, h * 0.08];
    viewer.viewport.fitBounds(page().imageToViewportRectangle(x - wide, y - high, w + 2 * wide, h + 2 * high), true);
  }

  return {
    open,
    ready: () => Boolean(page()),
    larger(by) {
      if (!page()) return;
      viewer.viewport.zoomBy(by).applyConstraints();
      if (calm) touches();
    },
    home() {
      if (page()) viewer.viewport.goHome(calm);
    },
    move(x, y) {
      if (page()) viewer.viewport.panBy(viewer.viewport.deltaPointsFromPixels(new OSD.Point(x, y))).applyConstraints();
    },
    whole,
    rotate(degrees) {
      if (page()) viewer.viewport.setRotation(degrees, calm);
    },
    resized() {
      requestAnimationFrame(() => viewer?.forceResize());
    },
    /* The part of the page that is in sight, in whole pixels; null when that is all of it. */
    view() {
      if (!page() || whole()) return null;
      return this.clip(page().viewportToImageRectangle(viewer.viewport.getBounds(true)).getBoundingBox());
    },
    /* What two corners on the screen (pixels of the window over the page) enclose on the page. */
    between(a, b) {
      const [one, two] = [a, b].map(([x, y]) => page().viewerElementToImageCoordinates(new OSD.Point(x, y)));
      return this.clip({ x: Math.min(one.x, two.x), y: Math.min(one.y, two.y), width: Math.abs(one.x - two.x), height: Math.abs(one.y - two.y) });
    },
    clip({ x, y, width, height }) {
      const { x: right, y: bottom } = page().getContentSize();
      const [left, top] = [Math.max(0, Math.round(x)), Math.max(0, Math.round(y))];
      const box = [left, top, Math.min(right, Math.round(x + width)) - left, Math.min(bottom, Math.round(y + height)) - top];
      return box[2] > 0 && box[3] > 0 ? box : null;
    },
    region(box) {
      viewer.element.querySelectorAll(".deep-region").forEach((old) => viewer.removeOverlay(old));
      mark("deep-region", box);
    },
    /* One line of the text lights up on the picture; null puts the light out. */
    light(box) {
      if (!page()) return;
      if (line) viewer.removeOverlay(line);
      line = box ? mark("deep-line", box) : null;
    },
  };
}
